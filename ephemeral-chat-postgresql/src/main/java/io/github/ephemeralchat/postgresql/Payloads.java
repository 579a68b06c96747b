package io.github.ephemeralchat.postgresql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines as the payloads of one transaction's notifications, each below the 8,000 bytes that PostgreSQL allows, and their way
 * back. A payload is the format, its number and how many there are, a line end, and a piece of the lines. The numbers also
 * make all payloads of a transaction different, since PostgreSQL drops one that is doubled.
 *
 * <p>One for each listening connection, which hears a transaction's notifications in order and no other's between. Not
 * thread-safe.
 */
final class Payloads {

    private static final String FORMAT = "1";
    /** Of three bytes at most. */
    private static final int CHARS = 2_600;

    private final StringBuilder pieces = new StringBuilder();
    private int next = 1;

    static List<String> of(List<String> lines) {
        String all = String.join("\n", lines);
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < all.length(); ) {
            int end = Math.min(all.length(), from + CHARS);
            // A character of two chars stays whole.
            end = end < all.length() && Character.isHighSurrogate(all.charAt(end - 1)) ? end - 1 : end;
            pieces.add(all.substring(from, end));
            from = end;
        }
        List<String> payloads = new ArrayList<>();
        for (String piece : pieces) {
            payloads.add(FORMAT + " " + (payloads.size() + 1) + " " + pieces.size() + "\n" + piece);
        }
        return payloads;
    }

    /**
     * Takes a payload.
     *
     * @return the lines, if this is the last piece of them; nothing if there are more to come; null if it is of another
     *     version, or pieces are missing
     */
    @Nullable
    List<String> take(String payload) {
        int end = payload.indexOf('\n');
        String[] words = payload.substring(0, Math.max(end, 0)).split(" ", -1);
        if (words.length != 3 || !words[0].equals(FORMAT) || !isNext(words[1])) {
            restart();
            return null;
        }
        pieces.append(payload, end + 1, payload.length());
        next++;
        if (!words[1].equals(words[2])) {
            return List.of();
        }
        List<String> lines = List.of(pieces.toString().split("\n", -1));
        restart();
        return lines;
    }

    private boolean isNext(String number) {
        if (number.equals("1")) {
            restart();
        }
        return number.equals(Integer.toString(next));
    }

    private void restart() {
        pieces.setLength(0);
        next = 1;
    }
}
