package io.github.ephemeralchat.sse;

import java.nio.charset.StandardCharsets;

/** Any text as the headers that may hold a token: only one that holds it is let in. */
public final class CookieFuzz {

    private static final TestApi API = TestApi.create();
    private static final Reply OWNER =
            new Reply(API.answer(TestRequest.post("/rooms").json("{\"ttlMinutes\":1440}")));
    private static final String[] HEADERS = {"Cookie", "Authorization", "Ephemeral-Chat-Token"};

    private CookieFuzz() {}

    /** Called by the fuzzer, and by {@link FuzzCasesTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        String fuzzed = new String(input, StandardCharsets.ISO_8859_1);
        // What the fuzzer cannot guess it may name.
        String value = fuzzed.replace("TOKEN", OWNER.token());
        for (String header : HEADERS) {
            TestRequest request = TestRequest.get("/rooms/" + OWNER.roomId()).header(header, value);
            int status = API.answer(request).status();
            if (status != 401 && !(status == 200 && fuzzed.contains("TOKEN"))) {
                throw new AssertionError(header + ": status " + status);
            }
        }
    }
}
