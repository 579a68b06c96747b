package io.github.ephemeralchat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Nested
    class Codes {

        @Test
        void aRandomCodeIsValidAndNewEachTime() {
            Set<RoomId> codes = new HashSet<>();
            for (int i = 0; i < 10_000; i++) {
                codes.add(RoomId.random());
            }
            assertThat(codes).hasSize(10_000);
        }

        @Test
        void whatIsNot8CharactersOfBase58IsNoCode() {
            for (String bad :
                    new String[] {"", "1234567", "123456789", "0aaaaaaa", "Oaaaaaaa", "Iaaaaaaa", "laaaaaaa", "ä1234567"
                    }) {
                assertThat(RoomId.isValid(bad)).as(bad).isFalse();
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new RoomId(bad))
                        .withMessage("a room code is 8 characters of base58");
            }
        }

        @Test
        void aCodeShowsOnlyItsBeginning() {
            assertThat(new RoomId("k3J9xQ2b")).hasToString("k3******");
        }
    }

    @Nested
    class EntryIds {

        @Test
        void theTextFormIsReadBack() {
            EntryId id = new EntryId(42, 913_344);
            assertThat(id).hasToString("42-913344");
            assertThat(EntryId.parse("42-913344")).hasValue(id);
            assertThat(EntryId.parse("1-9007199254740991")).isPresent();
        }

        @Test
        void anythingElseIsRefused() {
            for (String bad : new String[] {
                "",
                "-",
                "42",
                "42-",
                "-1",
                "0-1",
                "1-0",
                "01-1",
                "1-01",
                "+1-1",
                " 1-1",
                "1-1 ",
                "1-1-1",
                "a-1",
                "1-9007199254740992",
                "1-99999999999999999999",
                "٣-1"
            }) {
                assertThat(EntryId.parse(bad)).as(bad).isEmpty();
            }
        }
    }

    @Nested
    class Names {

        @Test
        void anAnonymousNameIsValidAndHasTheUsualForm() {
            assertThat(Identity.anonymous().name()).matches("[A-Z][a-z]+_[0-9a-f]{6}");
            assertThat(Identity.anonymous().id())
                    .startsWith("p_")
                    .isNotEqualTo(Identity.anonymous().id());
        }

        @Test
        void aUsersName_isMadeToFit() {
            Map.of(
                            "Anna Berg",
                            "Anna Berg",
                            "x".repeat(36),
                            "x".repeat(29) + "…",
                            "  Anna\n",
                            "Anna",
                            "An\u202Ena",
                            "Anna",
                            "\u200B",
                            "User",
                            "",
                            "User",
                            "a".repeat(28) + " bcd",
                            "a".repeat(28) + "…",
                            "\uD83D\uDE00".repeat(40),
                            "\uD83D\uDE00".repeat(29) + "…",
                            "half\uD83D",
                            "half")
                    .forEach((name, fitted) -> assertThat(
                                    Identity.ofUser("user-1", name).name())
                            .as(name)
                            .isEqualTo(fitted));
        }

        @Test
        void aUsersId_isKept_orItsHash() {
            assertThat(Identity.ofUser("user-1", "Anna").id()).isEqualTo("user-1");
            String one = Identity.ofUser("u".repeat(200), "Anna").id();
            String other = Identity.ofUser("u".repeat(199) + "v", "Anna").id();
            assertThat(one).matches("[0-9a-f]{64}").isNotEqualTo(other);
            assertThat(Identity.ofUser("u".repeat(200), "Ben").id()).isEqualTo(one);
            assertThat(Identity.ofUser("", "Anna").id()).matches("[0-9a-f]{64}");
            assertThat(Identity.ofUser("half\uD83D", "Anna").id())
                    .isNotEqualTo(Identity.ofUser("half\uD83E", "Anna").id());
        }

        @Test
        void aNameHas1To30WholeCharactersWithoutControls() {
            assertThat(Identity.isValidName("x")).isTrue();
            assertThat(Identity.isValidName("\uD83D\uDE00".repeat(30)))
                    .as("30 emoji")
                    .isTrue();
            for (String bad :
                    new String[] {"", "x".repeat(31), "a\nb", "\u0000", "\u007f", "\u0085", "\uD83D", "\uDE00x"}) {
                assertThat(Identity.isValidName(bad)).as(bad).isFalse();
            }
        }
    }

    @Nested
    class Visibility {

        private static final String WOMAN = "\uD83D\uDC69";
        private static final String LAPTOP = "\uD83D\uDCBB";

        @Test
        void name_ofAnyScriptAndEmoji_isValid() {
            for (String name : new String[] {
                "Ada Lovelace",
                "Zo\u00eb",
                "Zoe\u0308",
                "\u05d3\u05d5\u05d3",
                "\u0646\u06cc\u200c\u0645", // Persian, with a non-joiner.
                "\u0915\u094d\u200d\u0937", // Devanagari: the joiner follows a mark.
                WOMAN + "\u200d" + LAPTOP,
                "\u2764\ufe0f\u200d\uD83D\uDD25",
                "\uAC00",
                "a\u3000b"
            }) {
                assertThat(Identity.isValidName(name)).as(name).isTrue();
            }
        }

        @Test
        void name_thatHidesOrTurns_isRefused() {
            for (String name : new String[] {
                " ",
                "\u00a0",
                " Ada",
                "Ada ",
                "Ada\u3000",
                "\u200b",
                "A\u200bda",
                "\u202eadA",
                "A\u2066da",
                "Ada\u200f",
                "\ufeffAda",
                "\u3164",
                "\u115f\u1160",
                "\uffa0",
                "\u2800",
                "\u0301",
                "\u200d",
                "\u200dAda",
                "Ada\u200d",
                "A\u200d\u200dda",
                "A \u200dda",
                "A\u2028da",
                "A\u2029da",
                "\ue000",
                "A\udb80\udc00",
                "A\u00adda"
            }) {
                assertThat(Identity.isValidName(name))
                        .as(name.codePoints().boxed().toList().toString())
                        .isFalse();
            }
        }

        @Test
        void text_hasSomethingVisible() {
            for (String text : new String[] {"a", " a ", "\u202ea", ".", "\u0301a", "\n\n-"}) {
                assertThat(Message.isValidText(text)).as(text).isTrue();
            }
            for (String text :
                    new String[] {" ", "\n", "\u3164", "\u200b\u200b", "\u2800", "\u202e", "\u0301", "\ue000"}) {
                assertThat(Message.isValidText(text))
                        .as(text.codePoints().boxed().toList().toString())
                        .isFalse();
            }
        }
    }

    @Nested
    class Validation {

        @Test
        void aTextHas1To4000WholeCharacters() {
            assertThat(Message.isValidText("x".repeat(4000))).isTrue();
            assertThat(Message.isValidText("\uD83D\uDE00".repeat(4000)))
                    .as("4000 emoji")
                    .isTrue();
            assertThat(Message.isValidText("a\r\n\u2028b")).isTrue();
            assertThat(Message.isValidText("")).isFalse();
            assertThat(Message.isValidText("x".repeat(4001))).isFalse();
            assertThat(Message.isValidText("\uD83D\uDE00".repeat(4001))).isFalse();
            assertThat(Message.isValidText("a\uD83Db")).isFalse();
        }

        @Test
        void aMessageIdHas1To64CharactersOfItsAlphabet() {
            assertThat(Message.isValidId("aZ09_-")).isTrue();
            assertThat(Message.isValidId("x".repeat(64))).isTrue();
            for (String bad : new String[] {"", "x".repeat(65), "a b", "a.b", "é", "a\n"}) {
                assertThat(Message.isValidId(bad)).as(bad).isFalse();
            }
        }
    }

    @Nested
    class Options {

        @Test
        void lifeAndSeatsAreBounded() {
            RoomOptions options = RoomOptions.defaults();
            assertThat(options.withTtl(Duration.ofDays(1)).ttl()).isEqualTo(RoomOptions.MAX_TTL);
            assertThatIllegalArgumentException().isThrownBy(() -> options.withTtl(Duration.ofSeconds(59)));
            assertThatIllegalArgumentException().isThrownBy(() -> options.withTtl(Duration.ofMinutes(1441)));
            assertThatIllegalArgumentException().isThrownBy(() -> options.withMaxParticipants(1));
            assertThatIllegalArgumentException().isThrownBy(() -> options.withMaxParticipants(1001));
        }

        @Test
        void aRoomEndsAfterItBegins() {
            RoomIncarnation key = new RoomIncarnation(RoomId.random(), 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Room(key, Instant.EPOCH, Instant.EPOCH, 2, false));
        }
    }
}
