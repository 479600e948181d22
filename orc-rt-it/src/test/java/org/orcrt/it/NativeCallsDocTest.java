// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.HandlerTag;
import org.orcrt.ffm.NativeFunctions;

/// The C code of `docs/native-calls.md` does what the page says.
class NativeCallsDocTest {

    private static final Pattern CODE = Pattern.compile("(?s)```c\\n(.*?)```");

    /// Stands in for the linker of a JIT: here the system's loader has to find the name.
    private static final String SHIM = """
            typedef struct { void *words[2]; } Buffer;
            typedef void (*Entry)(void *, void *, Buffer, void (*)(void *, Buffer, void *), void *);
            static Entry entry;
            void useEntry(Entry published) { entry = published; }
            void orc_rt_Session_callController(void *session, void *tag, Buffer args,
                                               void (*ret)(void *, Buffer, void *), void *context) {
                entry(session, tag, args, ret, context);
            }
            """;

    @Test
    void the_example_is_greeted_by_the_controller(@TempDir Path directory) throws IOException {
        Matcher code = CODE.matcher(Files.readString(Project.root().resolve("docs/native-calls.md")));
        assertThat(code.find()).isTrue();
        NativeLibrary shim = NativeLibrary.load(NativeLibrary.compileText(directory, "shim.c", SHIM));
        NativeLibrary example = NativeLibrary.load(NativeLibrary.compileText(directory, "greet.c", code.group(1)));
        try (NativeSession session = new NativeSession(
                setup -> setup.asyncFunction("greet", new ExecutorAddress(example.address("greet"))))) {
            NativeFunctions.call(shim.address("useEntry"), session.address("orc_rt_Session_callController"));
            session.controller.registerHandler(new HandlerTag(0x6ee7), (args, offset, length, reply) -> {
                byte[] greeting = utf8("hello, " + text(args, offset, length));
                reply.result(MemorySegment.ofArray(greeting), 0, greeting.length);
            });
            for (String name : new String[] {"Ada", "Augusta Ada King"}) {
                assertThat(session.call(session.address("greet"), utf8(name)))
                        .succeedsWithin(NativeSession.LONG)
                        .isEqualTo(utf8("hello, " + name));
            }
        }
        assertThat(code.find()).as("further code on the page").isFalse();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(MemorySegment bytes, long offset, long length) {
        return new String(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
}
