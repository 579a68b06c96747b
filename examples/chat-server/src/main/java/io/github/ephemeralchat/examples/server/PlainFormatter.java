package io.github.ephemeralchat.examples.server;

import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

/** One short line for each record. The container names paths, and a room's path holds its code: that is masked. */
public final class PlainFormatter extends Formatter {

    private static final Pattern ROOM_PATH = Pattern.compile("(/rooms?/)[^/?\\s]+");

    private final Formatter plain = new SimpleFormatter();

    /** Made by the log manager. */
    public PlainFormatter() {}

    @Override
    public String format(LogRecord record) {
        String text = record.getThrown() == null
                ? "%s %s: %s%n".formatted(record.getLevel(), record.getLoggerName(), formatMessage(record))
                : plain.format(record);
        return ROOM_PATH.matcher(text).replaceAll("$1…");
    }
}
