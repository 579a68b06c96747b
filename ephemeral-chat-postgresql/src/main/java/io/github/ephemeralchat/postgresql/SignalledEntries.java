package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * Reads the entries that signals tell of, many at once, on the connection that has heard of them: one statement instead of one
 * for each room. For the receiving thread alone.
 */
final class SignalledEntries {

    /** 64 of the longest texts are 1.5 MB. */
    private static final int AT_ONCE = 64;

    private static final String READ = "SELECT * FROM ephemeral_chat.entries_at(?, ?, ?, ?)";

    private final Connection connection;

    SignalledEntries(Connection connection) {
        this.connection = connection;
    }

    /**
     * Puts an entry into each signal that tells of one, if it is there.
     *
     * @param signals what was heard
     * @param unread where in them are those that carry no entry
     */
    void read(List<RoomSignal> signals, List<Integer> unread) throws SQLException {
        for (int from = 0; from < unread.size(); from += AT_ONCE) {
            readAtOnce(signals, unread.subList(from, Math.min(unread.size(), from + AT_ONCE)));
        }
    }

    private void readAtOnce(List<RoomSignal> signals, List<Integer> unread) throws SQLException {
        List<EntryAppended> told =
                unread.stream().map(i -> (EntryAppended) signals.get(i)).toList();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            setArray(statement, 1, "text", told, signal -> signal.id().value());
            setArray(statement, 2, "bigint", told, signal -> signal.room().number());
            setArray(statement, 3, "bigint", told, signal -> signal.position().sequence());
            setArray(statement, 4, "bigint", told, signal -> signal.position().nonce());
            try (ResultSet rows = statement.executeQuery()) {
                Row row = new Row(rows);
                while (row.next()) {
                    int number = (int) row.number("number") - 1;
                    EntryAppended signal = told.get(number);
                    signals.set(
                            unread.get(number),
                            new EntryAppended(signal.room(), signal.position(), signal.previous(), Rows.entry(row)));
                }
            }
        } catch (Row.UnreadableException e) {
            throw e.failure();
        }
    }

    private void setArray(
            PreparedStatement statement,
            int parameter,
            String type,
            List<EntryAppended> signals,
            Function<EntryAppended, Object> value)
            throws SQLException {
        statement.setArray(
                parameter,
                connection.createArrayOf(type, signals.stream().map(value).toArray()));
    }
}
