package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageApiTest {

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        room = "/rooms/" + owner.roomId();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply get(String target) {
        return api.send(TestRequest.get(room + target).token(owner.token()));
    }

    @Nested
    class Post {

        @Test
        void answersTheMessageAsItIsInTheRoom() {
            api.advance(Duration.ofMillis(1));
            JsonNode message = api.say(owner, "hi").is(201).json();
            assertThat(message.path("sequence").asLong()).isEqualTo(2);
            assertThat(message.path("text").asText()).isEqualTo("hi");
            assertThat(message.path("sentAt").asText()).isEqualTo("2030-01-01T12:00:00.001Z");
            assertThat(message.at("/sender/id").asText()).isEqualTo(owner.participantId());
            assertThat(message.at("/sender").size()).isEqualTo(2);
        }

        @Test
        void theSameIdAgainStoresNothing() {
            Reply first = post("{\"text\":\"one\",\"id\":\"a_-9\"}").is(201);
            Reply again = post("{\"text\":\"two\",\"id\":\"a_-9\"}").is(200);
            assertThat(again.text()).isEqualTo(first.text());
            assertThat(get("/messages").json().path("messages")).hasSize(1);
        }

        @Test
        void theSenderIsTheTokensParticipant_andNobodyElseCanBeNamed() {
            Reply posted = post("{\"text\":\"hi\"}");
            assertThat(posted.json().at("/sender/id").asText()).isEqualTo(owner.participantId());
            post("{\"text\":\"hi\",\"sender\":{\"id\":\"p_other\",\"name\":\"Mallory\"}}")
                    .is(400, "invalid_request");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a\rb",
                    "\r.",
                    "a\u2028b\u2029c",
                    ".\u0085",
                    "a\nb\r\n\n",
                    "data: x\n\nevent: destroyed\n\n",
                    "\u0000.",
                    "\uFEFF.",
                    " . ",
                    "</script>",
                    "\uD83D\uDC69\u200D\uD83D\uDE80",
                    "\\u0041",
                    "\"\\"
                })
        void everyTextComesBackTheSame(String text) throws Exception {
            String json =
                    new ObjectMapper().createObjectNode().put("text", text).toString();
            Reply posted = post(json).is(201);
            assertThat(posted.json().path("text").asText()).isEqualTo(text);
            assertThat(posted.text()).doesNotContain("\n", "\r", "\u2028", "\u2029", "\u0085");
            Reply history = get("/messages");
            assertThat(history.json().at("/messages/0/text").asText()).isEqualTo(text);
        }

        @Test
        void fourThousandEmojiAreOneText() {
            String text = "\uD83D\uDE80".repeat(4000);
            assertThat(post("{\"text\":\"" + text + "\"}")
                            .is(201)
                            .json()
                            .path("text")
                            .asText())
                    .isEqualTo(text);
            String escaped = "\\uD83D\\uDE80".repeat(4000);
            post("{\"text\":\"" + escaped + "\"}").is(201);
        }

        private Reply post(String json) {
            return api.send(
                    TestRequest.post(room + "/messages").token(owner.token()).json(json));
        }
    }

    @Nested
    class History {

        @Test
        void aPageOfLargeTextsEndsEarlierAndTheNextOneGoesOn() {
            int all = 300;
            for (int i = 0; i < all; i++) {
                api.say(owner, i + "x".repeat(3990));
            }
            List<String> read = new ArrayList<>();
            long after = 0;
            int pages = 0;
            while (read.size() < all) {
                JsonNode page =
                        get("/messages?limit=500&after=" + after).is(200).json();
                assertThat(page.path("messages").size()).isBetween(1, 140);
                page.path("messages")
                        .forEach(message -> read.add(message.path("text").asText()));
                after = page.path("nextAfter").asLong();
                pages++;
            }
            assertThat(pages).isEqualTo(3);
            assertThat(read).doesNotHaveDuplicates().hasSize(all);
            assertThat(read.get(all - 1)).startsWith("299x");
        }

        @Test
        void pagesAscendAndTakeUpWhereTheLastOneEnded() {
            for (int i = 0; i < 5; i++) {
                api.say(owner, "m" + i);
            }
            JsonNode first = get("/messages?limit=3").is(200).json();
            assertThat(first.path("messages"))
                    .extracting(message -> message.path("text").asText())
                    .containsExactly("m0", "m1", "m2");
            assertThat(first.path("lastSequence").asLong()).isEqualTo(6);
            assertThat(first.path("truncated").asBoolean()).isFalse();
            String next = "/messages?after=" + first.path("nextAfter").asLong() + "&limit=500";
            assertThat(get(next).json().path("messages"))
                    .extracting(message -> message.path("text").asText())
                    .containsExactly("m3", "m4");
        }

        @Test
        void aPageHasOneHundredWhereNobodySays() {
            for (int i = 0; i < 101; i++) {
                api.say(owner, "m");
            }
            assertThat(get("/messages").json().path("messages")).hasSize(100);
        }

        @Test
        void afterTheHeadThereIsNothing() {
            JsonNode page = get("/messages?after=" + Long.MAX_VALUE).is(200).json();
            assertThat(page.path("messages")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "after=-1",
                    "after=",
                    "after",
                    "after=x",
                    "after=1.5",
                    "after=%2B1",
                    "after=9223372036854775808",
                    "after=%zz",
                    "limit=0",
                    "limit=501",
                    "limit=-1",
                    "limit=",
                    "limit=1e2",
                    "limit=%D9%A1",
                    "after=99999999999999999999999"
                })
        void numbersOutOfBoundsAreRefused(String query) {
            get("/messages?" + query).is(400, "invalid_request");
        }
    }
}
