package io.github.ephemeralchat.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server sends is understood wherever the network cuts it. */
class ParsingTest {

    private static final String CHUNKED = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: chunked",
            "",
            "5",
            "ab\ncd",
            "A;x=y",
            "e\nfghijkl\n",
            "0",
            "",
            "");
    private static final String COUNTED = "HTTP/1.1 201 Created\r\nContent-Length: 3\r\nConnection: close\r\n\r\nx\ny";
    private static final String EMPTY = "HTTP/1.1 204 No Content\r\n\r\n";
    private static final String TO_THE_END = "HTTP/1.1 200 OK\r\n\r\none\ntwo\n";

    /** Writes down what it is told. */
    private static final class Notes implements ResponseReader.Handler {
        private final List<String> all = new ArrayList<>();
        private final LineSplitter lines = new LineSplitter(
                (bytes, from, to) -> all.add(new String(bytes, from, to - from, StandardCharsets.US_ASCII)));

        @Override
        public void head(int status) {
            all.add("head " + status);
        }

        @Override
        public void body(byte[] bytes, int from, int to) {
            lines.split(bytes, from, to);
        }

        @Override
        public void end(int status, boolean connectionCloses) {
            all.add("end " + connectionCloses);
        }
    }

    private static List<String> read(String answers, int pieces) throws IOException {
        Notes notes = new Notes();
        ResponseReader reader = new ResponseReader(notes);
        byte[] bytes = answers.getBytes(StandardCharsets.US_ASCII);
        for (int from = 0; from < bytes.length; from += pieces) {
            int length = Math.min(pieces, bytes.length - from);
            byte[] piece = new byte[length];
            System.arraycopy(bytes, from, piece, 0, length);
            reader.read(piece, length);
        }
        return notes.all;
    }

    @Test
    void answersAreTakenApartInAnyPieces() throws IOException {
        for (int pieces = 1; pieces < 100; pieces++) {
            assertThat(read(CHUNKED + EMPTY + COUNTED, pieces))
                    .as("pieces of %d", pieces)
                    .containsExactly(
                            "head 200",
                            "ab",
                            "cde",
                            "fghijkl",
                            "end false",
                            "head 204",
                            "end false",
                            "head 201",
                            "x",
                            "end true");
        }
    }

    @Test
    void aBodyWithoutALengthGoesOn() throws IOException {
        for (int pieces = 1; pieces < 100; pieces++) {
            assertThat(read(TO_THE_END, pieces)).containsExactly("head 200", "one", "two");
        }
    }

    @Test
    void aPayloadIsReadInAnyWrapping() {
        byte[] text = ("{\"text\":\"" + Payload.blank(100) + "\"}").getBytes(StandardCharsets.US_ASCII);
        Payload.write(text, 9, 3, new Post(12, 0, 0), 15, Long.MAX_VALUE);
        Payload read = new Payload();
        assertThat(read.read(text, 0, text.length)).isTrue();
        assertThat(List.of(read.phase, read.room, read.sequence, read.publisher))
                .containsExactly(3, 12, 0, 15);
        assertThat(read.sentNanos).isEqualTo(Long.MAX_VALUE);
        assertThat(read.read(text, 20, text.length)).isFalse();
    }
}
