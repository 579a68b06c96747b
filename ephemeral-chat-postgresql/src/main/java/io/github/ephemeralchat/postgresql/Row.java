package io.github.ephemeralchat.postgresql;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The present row of what a function answered; read where the answer came, since it ends with its connection. */
final class Row {

    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    /** A failure to read, for the one that asked. */
    static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final SQLException failure;

        UnreadableException(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }

    @FunctionalInterface
    private interface Read<T extends @Nullable Object> {
        T from(ResultSet rows) throws SQLException;
    }

    private <T extends @Nullable Object> T read(Read<T> read) {
        try {
            return read.from(rows);
        } catch (SQLException e) {
            throw new UnreadableException(e);
        }
    }

    /** Goes on to the next row, if there is one. */
    boolean next() {
        return read(ResultSet::next);
    }

    boolean isNull(String column) {
        return read(row -> row.getObject(column)) == null;
    }

    /** Empty if there is none. */
    String text(String column) {
        String text = textOrNull(column);
        return text == null ? "" : text;
    }

    @Nullable
    String textOrNull(String column) {
        return read(row -> row.getString(column));
    }

    long number(String column) {
        return read(row -> row.getLong(column));
    }

    @Nullable
    Long numberOrNull(String column) {
        return isNull(column) ? null : number(column);
    }

    boolean flag(String column) {
        return read(row -> row.getBoolean(column));
    }

    byte[] bytes(String column) {
        byte[] bytes = read(row -> row.getBytes(column));
        return bytes == null ? new byte[0] : bytes;
    }

    List<String> texts(String column) {
        return Stream.of(array(column)).map(String.class::cast).toList();
    }

    /** Texts that may hold a zero byte. */
    List<String> byteTexts(String column) {
        return Stream.of(array(column))
                .map(bytes -> new String((byte[]) bytes, StandardCharsets.UTF_8))
                .toList();
    }

    List<Long> numbers(String column) {
        return Stream.of(array(column)).map(Long.class::cast).toList();
    }

    private Object[] array(String column) {
        return read(row -> {
            Array array = row.getArray(column);
            return array == null ? new Object[0] : (Object[]) array.getArray();
        });
    }
}
