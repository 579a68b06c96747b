package io.github.ephemeralchat.examples.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Judges what tabs show and have told, beside what is stored. */
final class Faults {

    private static final List<String> SEATS = List.of("Ada", "Ben");
    /** Nothing of this is true while Ada and Ben have their seats: each would be told to a person. */
    private static final String FALSE_WORDS = """
            const both = (people) => ["Ada", "Ben"].every((name) => people.some((each) => each.name === name));
            const isFalse = ({ type, detail }) =>
              ["reset", "end", "unreadable", "refused"].includes(type)
              || (type === "connection" && detail === "replaced")
              || (type === "left" && detail.participant.name !== "Cleo")
              || (type === "participants" && !both(detail));
            return tab.told.splice(0).filter(isFalse).map((word) => JSON.stringify(word));""";

    private static final String VIEW = """
            return {
              shown: tab.seen,
              people: tab.room.participants.map(({ name }) => name),
              connection: tab.room.connection,
            };""";

    private Faults() {}

    /** What somebody sees in a tab. */
    record TabView(List<String> shown, List<String> people, String connection) {}

    @SuppressWarnings("unchecked")
    static TabView view(Tab tab) {
        Map<String, Object> view = (Map<String, Object>) Objects.requireNonNull(tab.run(VIEW));
        return new TabView(
                (List<String>) view.get("shown"),
                (List<String>) view.get("people"),
                String.valueOf(view.get("connection")));
    }

    /** {@return what the tab has told since the last time and should not have} */
    @SuppressWarnings("unchecked")
    static List<String> falseWords(Tab tab) {
        return (List<String>) Objects.requireNonNull(tab.run(FALSE_WORDS));
    }

    /**
     * {@return what is wrong, in words}
     *
     * @param tabs what they show
     * @param stored the log's messages
     * @param written what was posted in the tab that was there all the time
     * @param seats the names of those who have one
     * @param falseWords what tabs have told and should not have
     */
    static List<String> of(
            List<TabView> tabs,
            List<String> stored,
            List<String> written,
            List<String> seats,
            List<String> falseWords) {
        List<String> faults = new ArrayList<>();
        for (TabView tab : tabs) {
            check(faults, tab.shown().equals(stored), "a tab shows " + tab.shown() + " of " + stored);
            check(faults, tab.people().equals(SEATS), "a tab says that these are here: " + tab.people());
            check(faults, tab.connection().equals("live"), "a tab is " + tab.connection());
        }
        List<String> kept = stored.stream().filter(written::contains).toList();
        check(faults, kept.equals(written), "of " + written + " these are stored: " + kept);
        check(faults, new HashSet<>(stored).size() == stored.size(), "stored twice: " + stored);
        check(faults, seats.equals(SEATS), "these have seats: " + seats);
        check(faults, falseWords.isEmpty(), "false words: " + falseWords);
        return faults;
    }

    private static void check(List<String> faults, boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }
}
