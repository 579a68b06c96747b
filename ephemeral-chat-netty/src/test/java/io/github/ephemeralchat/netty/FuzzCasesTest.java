package io.github.ephemeralchat.netty;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fuzzing has found, and what a fuzzer begins with. CONTRIBUTING.md says how to fuzz. */
class FuzzCasesTest {

    private static final String HOST = " HTTP/1.1\r\nHost: a\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n\r\nGET /api/rooms/ROOM" + HOST + "\r\n",
                "GET /" + HOST + "\r\nHEAD /api/openapi.yaml" + HOST + "\r\nOPTIONS *" + HOST + "\r\n",
                "POST /api/rooms/ROOM/participants" + HOST
                        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}GET /x" + HOST + "\r\n",
                "POST /api/rooms/ROOM/messages" + HOST
                        + "Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nTrailer: x\r\n\r\nGET /x" + HOST
                        + "\r\n",
                "POST /api/rooms/ROOM/participants" + HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
                "GET /api/rooms/ROOM/events?lastEventId=1-1" + HOST + "Cookie: ephemeral-chat=a; b\r\n\r\n",
                "POST /api/rooms" + HOST + "\r\n",
                "GET http://a/api/rooms/%41?x#y HTTP/1.0\r\n\r\n",
                "POST /x" + HOST + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET  /\u0000\u00ff HTTP/1.1\nHost : a\n\n",
            })
    void target_holdsForEveryCase(String input) {
        RequestFuzz.fuzzerTestOneInput(input.getBytes(StandardCharsets.ISO_8859_1));
    }
}
