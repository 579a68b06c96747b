package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A page stays usable while a long history is opened. */
class SealedHistoryTest extends InTabs {

    /** As many entries as the store keeps. */
    private static final int MESSAGES = 10_000;

    private static final int ATTEMPTS = 4;
    private static final Duration WITHIN = Duration.ofMinutes(2);

    /** A page is told of tasks that lasted longer than 50 ms. */
    private static final String WATCH = """
            tab.longTasks = [];
            new PerformanceObserver((list) => tab.longTasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))))
              .observe({ type: "longtask" });""";

    @Test
    void historyOfTenThousandMessages_neverBlocksThePage() {
        Tab ada = tab(host.uri());
        ada.run("return tab.follow(await tab.chat.create({ encrypted: true, name: 'Ada' }));");
        String code = String.valueOf(ada.run("return tab.room.code;"));
        String link = String.valueOf(ada.run("return tab.room.link('/');"));
        byte[] tag = SealedMember.newTag();
        SealedMember ben = SealedMember.joins(host.uri(), code, link, tag, "Ben");
        closes(ada);
        List<String> texts =
                IntStream.range(0, MESSAGES).mapToObj(i -> "message " + i).toList();
        for (int i = 0; i < MESSAGES; i++) {
            String id = "m" + i;
            host.service().as(new RoomId(code), ben.token()).post(ben.seals(tag, id, texts.get(i)), id);
        }
        // On a busy machine a task also lasts while others compute: what is the page's own comes back each time.
        List<?> longest = List.of();
        for (int attempt = 0; attempt == 0 || (!longest.isEmpty() && attempt < ATTEMPTS); attempt++) {
            longest = openedBySomebodyNew(code, link, texts);
        }
        assertThat(longest).isEmpty();
    }

    /** Returns how long the tasks were that were too long. */
    private List<?> openedBySomebodyNew(String code, String link, List<String> texts) {
        Tab cleo = tab(host.uri());
        cleo.run(WATCH + "tab.follow(await tab.chat.join(args[0], args[1]));", code, Map.of("key", link));
        await().pollInterval(Duration.ofMillis(500))
                .atMost(WITHIN)
                .until(() -> texts.get(MESSAGES - 1).equals(cleo.run("return tab.seen.at(-1) ?? null;")));
        List<?> longTasks = (List<?>) cleo.run("return tab.longTasks;");
        // Entries of the seats took the places of the oldest ones.
        List<?> seen = (List<?>) cleo.run("return tab.seen;");
        assertThat(seen).hasSizeGreaterThan(MESSAGES - 20).isEqualTo(texts.subList(MESSAGES - seen.size(), MESSAGES));
        assertThat(cleo.run("return tab.told.some(({ type }) => type === 'unreadable');"))
                .isEqualTo(false);
        closes(cleo);
        return longTasks;
    }
}
