package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.EntryId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Any text as the place where a stream begins: it is refused, or it is a place that is written in that very way. */
public final class EventIdFuzz {

    private static final TestApi API = TestApi.create();
    private static final Reply OWNER =
            new Reply(API.answer(TestRequest.post("/rooms").json("{\"ttlMinutes\":1440}")));

    private EventIdFuzz() {}

    /** Called by the fuzzer, and by {@link FuzzCasesTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Optional<EntryId> parsed = EntryId.parse(text);
        if (parsed.isPresent() && !parsed.get().toString().equals(text)) {
            throw new AssertionError("an id has two forms");
        }
        boolean opens = parsed.isPresent() || text.isEmpty();
        check(opens, status("/events", text));
        check(opens, status("/events?lastEventId=" + URLEncoder.encode(text, StandardCharsets.UTF_8), ""));
        int raw = status("/events?" + text.replace("?", ""), "");
        check(raw == 200, raw);
    }

    private static void check(boolean opens, int status) {
        if (status != (opens ? 200 : 400)) {
            throw new AssertionError("status " + status);
        }
    }

    private static int status(String target, String lastEventId) {
        ApiResponse response = API.answer(TestRequest.get("/rooms/" + OWNER.roomId() + target)
                .token(OWNER.token())
                .header("Last-Event-ID", lastEventId));
        if (response.stream() != null) {
            response.stream().abort();
        }
        return response.status();
    }
}
