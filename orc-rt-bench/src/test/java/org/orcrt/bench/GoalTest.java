// SPDX-License-Identifier: Apache-2.0
package org.orcrt.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `goals.json`, and the JSON that it is written in.
class GoalTest {

    @Test
    void each_goal_names_two_benchmarks_and_parameters_that_exist() throws ReflectiveOperationException {
        assertThat(Goal.all()).extracting(Goal::name).isNotEmpty().doesNotHaveDuplicates();
        for (Goal goal : Goal.all()) {
            for (Point point : List.of(goal.ours(), goal.peer())) {
                String[] names = point.method().split("\\.");
                Class<?> type = Class.forName(
                        "org.orcrt.bench." + names[0], false, getClass().getClassLoader());
                Method method = type.getMethod(names[1]);
                assertThat(method.isAnnotationPresent(Benchmark.class))
                        .as(point.toString())
                        .isTrue();
                assertThat(point.parameters().keySet())
                        .as("every parameter of %s has one value", point)
                        .containsExactlyInAnyOrderElementsOf(Arrays.stream(type.getFields())
                                .filter(field -> field.isAnnotationPresent(Param.class))
                                .map(Field::getName)
                                .toList());
            }
        }
    }

    @Test
    void a_goal_without_a_source_is_refused() {
        String text = "{\"goals\": [{\"name\": \"n\", \"benchmark\": \"b\", \"ours\": \"o\", \"peer\": \"p\", "
                + "\"clock\": \"cpu\", \"ratioMax\": 1, \"kind\": \"aim\"%s}]}";
        assertThat(Goal.read(text.formatted(", \"source\": \"s\""))).hasSize(1);
        assertThatThrownBy(() -> Goal.read(text.formatted("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'source'");
    }

    @Test
    void what_is_written_is_read_again() {
        Map<String, Object> object = Map.of("a", List.of(1.5, true, "x y"), "b", Map.of(), "c", -2e9);
        assertThat(Json.readObject(Json.write(object))).isEqualTo(object);
        assertThat(Json.write(Map.of("a\"\\", "\n"))).isEqualTo("{\n  \"a\\\"\\\\\": \"\\u000a\"\n}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{} {}", "{\"a\" 1}", "{\"a\": }", "{\"a\": 1 \"b\": 2}", "{\"a\": \"x", "{a: 1}"
            })
    void what_is_no_object_is_refused_with_the_place(String text) {
        assertThatThrownBy(() -> Json.readObject(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("JSON: character \\d+ should be .*");
    }
}
