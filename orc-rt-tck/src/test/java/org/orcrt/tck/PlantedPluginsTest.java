// SPDX-License-Identifier: Apache-2.0
package org.orcrt.tck;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orcrt.api.ExecutorAddress;
import org.orcrt.api.ResourceManager;
import org.orcrt.spi.ExecutorPlugin;
import org.orcrt.spi.ExecutorSetup;
import org.orcrt.spi.WrapperFunctionLinker;

/// The contracts of plug-ins and of resource managers notice what they are for: each one here breaks one rule.
class PlantedPluginsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void the_plug_in_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(Sound.class, "EP-" + rule);
    }

    @Test
    void a_plug_in_with_a_name_of_two_words_is_caught() {
        Planted.isCaught(TwoWords.class, "EP-1");
    }

    @Test
    void a_plug_in_that_publishes_after_its_installation_is_caught() {
        Planted.isCaught(PublishesLate.class, "EP-2");
    }

    @Test
    void a_plug_in_that_publishes_a_null_address_is_caught() {
        Planted.isCaught(PublishesNull.class, "EP-3");
    }

    @Test
    void a_plug_in_whose_sessions_share_a_manager_is_caught() {
        Planted.isCaught(Shares.class, "EP-4");
    }

    @Test
    void a_plug_in_that_takes_a_wrong_option_for_the_default_is_caught() {
        Planted.isCaught(IgnoresOptions.class, "EP-5");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void the_manager_that_the_broken_ones_extend_keeps_the_rule(int rule) {
        Planted.passes(SoundManager.class, "RM-" + rule);
    }

    @Test
    void a_manager_that_gives_up_at_the_detach_is_caught() {
        Planted.isCaught(GivesUpEarly.class, "RM-1");
    }

    @Test
    void a_manager_that_keeps_what_it_held_is_caught() {
        Planted.isCaught(Keeps.class, "RM-2");
    }

    @Test
    void a_manager_that_wants_one_thread_for_both_is_caught() {
        Planted.isCaught(WantsOneThread.class, "RM-3");
    }

    /// Holds something until the shutdown.
    static class Holder implements ResourceManager {

        boolean holds = true;

        @Override
        public void detach() {}

        @Override
        public void shutdown() {
            holds = false;
        }
    }

    /// A plug-in with a place for each mistake.
    static class Small implements ExecutorPlugin {

        @Override
        public String name() {
            return "small";
        }

        @Override
        public void install(ExecutorSetup setup) {
            setup.option("small.flag").ifPresent(Small::check);
            setup.function("small_function", (args, offset, length, reply) -> reply.result(args, offset, length));
            setup.symbol("small_symbol", symbol());
            setup.resource(manager(setup));
        }

        private static void check(String value) {
            if (!value.equals("true")) {
                throw new IllegalArgumentException("option small.flag is '" + value + "'; it can be true");
            }
        }

        ExecutorAddress symbol() {
            return new ExecutorAddress(77);
        }

        ResourceManager manager(ExecutorSetup setup) {
            return new Holder();
        }
    }

    static class Sound extends ExecutorPluginContract {

        private final WrapperFunctionLinker linker = new PlantedLinkersTest.Small();

        @Override
        protected ExecutorPlugin plugin() {
            return new Small();
        }

        @Override
        protected WrapperFunctionLinker linker() {
            return linker;
        }

        @Override
        protected Map<String, String> wrongOptions() {
            return Map.of("small.flag", "maybe");
        }
    }

    static class TwoWords extends Sound {
        @Override
        protected ExecutorPlugin plugin() {
            return new Small() {
                @Override
                public String name() {
                    return "two words";
                }
            };
        }
    }

    static class PublishesLate extends Sound {
        @Override
        protected ExecutorPlugin plugin() {
            return new Small() {
                @Override
                ResourceManager manager(ExecutorSetup setup) {
                    return new Holder() {
                        @Override
                        public void detach() {
                            setup.value("late", new byte[1]);
                        }
                    };
                }
            };
        }
    }

    static class PublishesNull extends Sound {
        @Override
        protected ExecutorPlugin plugin() {
            return new Small() {
                @Override
                ExecutorAddress symbol() {
                    return ExecutorAddress.NULL;
                }
            };
        }
    }

    static class Shares extends Sound {

        private final Holder shared = new Holder();

        @Override
        protected ExecutorPlugin plugin() {
            return new Small() {
                @Override
                ResourceManager manager(ExecutorSetup setup) {
                    return shared;
                }
            };
        }
    }

    static class IgnoresOptions extends Sound {
        @Override
        protected Map<String, String> wrongOptions() {
            return Map.of("small.other", "maybe");
        }
    }

    static class SoundManager extends ResourceManagerContract {
        @Override
        protected ResourceManager make() {
            return new Holder();
        }

        @Override
        protected boolean holdsAnything(ResourceManager manager) {
            return ((Holder) manager).holds;
        }
    }

    static class GivesUpEarly extends SoundManager {
        @Override
        protected ResourceManager make() {
            return new Holder() {
                @Override
                public void detach() {
                    holds = false;
                }
            };
        }
    }

    static class Keeps extends SoundManager {
        @Override
        protected ResourceManager make() {
            return new Holder() {
                @Override
                public void shutdown() {}
            };
        }
    }

    static class WantsOneThread extends SoundManager {
        @Override
        protected ResourceManager make() {
            return new Holder() {

                private Thread mine;

                @Override
                public void detach() {
                    mine = Thread.currentThread();
                }

                @Override
                public void shutdown() {
                    if (mine != Thread.currentThread()) {
                        throw new IllegalStateException("wrong thread");
                    }
                    super.shutdown();
                }
            };
        }
    }
}
