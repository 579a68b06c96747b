package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.Destroyed;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import io.github.ephemeralchat.spi.RoomSignal.Missed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryCodecTest {

    private static final RoomIncarnation ROOM = new RoomIncarnation(RoomId.random(), Long.MIN_VALUE);
    private static final EntryId ID = new EntryId(Long.MAX_VALUE, EntryId.MAX_NONCE);

    private static EntryAppended appended(String key, String body) {
        Identity odd = new Identity("1 a, E", "\ud834\udd1e \u05d0\u0301 7:");
        LogEntry entry = new LogEntry(ID, "x kind", odd, key, body, Instant.ofEpochMilli(1));
        return new EntryAppended(ROOM, ID, EntryId.START, entry);
    }

    private static byte[] bytes(RoomSignal signal) {
        return SignalCodec.encode(signal).getBytes(StandardCharsets.UTF_8);
    }

    private static RoomSignal thereAndBack(RoomSignal signal) {
        return SignalCodec.decode(signal.id(), bytes(signal));
    }

    @Test
    void everySignalComesBackAsItWas() {
        for (RoomSignal signal : new RoomSignal[] {
            appended("k", "1 E\0\0"),
            appended("k 1\n", "\0"),
            appended("", " "),
            appended(null, ""),
            new EntryAppended(ROOM, ID, EntryId.START, null),
            new Destroyed(ROOM),
            new RoomSignal.Cue(ROOM, Long.MIN_VALUE, "x-cursor", "1 a, E", "\0 1 E\n\0"),
            new RoomSignal.Cue(ROOM, 7, "typing", "p", ""),
            new RoomSignal.Presence(ROOM, -7, Set.of("1 a, E", "p_2", " ")),
            new RoomSignal.Presence(ROOM, 7, Set.of()),
            new Missed(ROOM.id())
        }) {
            assertThat(thereAndBack(signal)).isEqualTo(signal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 Q", "1 Q 7", "1 Q 7 8\0a\0b", "1 presence 7"})
    void kindThatIsNotKnown_isSkipped(String wire) {
        assertThat(SignalCodec.decode(ROOM.id(), wire.getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void everyLifeComesBackAsItWas() {
        Instant end = Instant.ofEpochMilli(Long.MAX_VALUE / 2);
        for (BodyLife life : new BodyLife[] {
            new BodyLife(end, null, null),
            new BodyLife(end, 3, null),
            new BodyLife(null, 1, null),
            new BodyLife(end, null, Forgotten.EXPIRED),
            new BodyLife(null, null, Forgotten.CLAIMED),
            new BodyLife(null, null, Forgotten.DELETED)
        }) {
            EntryAppended plain = appended("k", "body");
            LogEntry entry = Objects.requireNonNull(plain.entry()).shown(life);
            EntryAppended signal = new EntryAppended(ROOM, ID, EntryId.START, entry);
            assertThat(thereAndBack(signal)).isEqualTo(signal);
        }
    }

    @Test
    void anyTextComesBackAsItWas() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            String body = random.ints(random.nextInt(30), 0, 0x110000)
                    .filter(c -> c < 0xd800 || c > 0xdfff)
                    .map(c -> random.nextBoolean() ? c % 64 : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            EntryAppended signal = appended("k", body);
            assertThat(thereAndBack(signal)).isEqualTo(signal);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1 C 7 8",
                "1 C 7 8\0typing\0p",
                "1 C 7 x\0typing\0p\0",
                "1 P 7",
                "1 P x 7",
                "2 D 7",
                "1 D",
                "1 D x",
                "1D 7",
                "1 E",
                "1 E 7",
                "1 E 7 x 0-0",
                "1 E 7 1-1",
                "1 E 7 1-1 0-0\0",
                "1 E 7 1-1 0-0\0001 1 1 0\0p\0N\0k",
                "1 E 7 1-1 0-0\0002 1 1 0\0p\0N\0k\0\0",
                "1 E 7 1-1 0-0\0001 1 1 2\0p\0N\0k\0\0x",
                "1 E 7 1-1 0-0\0001 1 1 0\0p\0\0k\0\0",
                "1 E 7 1-1 0-0\0001 1 1 0 - -\0p\0N\0k\0\0",
                "1 E 7 1-1 0-0\0001 1 1 0 - - -\0p\0N\0k\0\0text",
                "1 E 7 1-1 0-0\0001 1 1 4 - 2 -\0p\0N\0k\0\0text",
                "1 E 7 1-1 0-0\0001 1 1 0 - - deleted\0p\0N\0k\0\0text",
                "1 E 7 1-1 0-0\0001 1 1 0 - - unknown\0p\0N\0k\0\0",
                "1 E 7 1-1 0-0\0001 1 1 0 x - -\0p\0N\0k\0\0",
                "x",
                "{\"json\":1}"
            })
    void whatIsNotKnownIsNeverGuessedAt(String wire) {
        RoomSignal signal = SignalCodec.decode(ROOM.id(), wire.getBytes(StandardCharsets.UTF_8));
        assertThat(signal).isEqualTo(new Missed(ROOM.id()));
    }

    @Test
    void whatAnotherVersionSendsIsNeverRead() {
        for (RoomSignal signal : new RoomSignal[] {appended("k", "body"), new Destroyed(ROOM), new Missed(ROOM.id())}) {
            byte[] wire = bytes(signal);
            assertThat(new String(wire, 0, 2, StandardCharsets.UTF_8)).isEqualTo(EntryCodec.FORMAT + " ");
            wire[0] = '2';
            assertThat(SignalCodec.decode(ROOM.id(), wire)).isEqualTo(new Missed(ROOM.id()));
        }
    }

    @Test
    void whatIsCutShortIsNeverMisread() {
        byte[] whole = bytes(appended("k", "body"));
        for (int length = 0; length < whole.length; length++) {
            RoomSignal signal = SignalCodec.decode(ROOM.id(), Arrays.copyOf(whole, length));
            boolean lessButTrue = signal instanceof EntryAppended shorter && isPartOf(shorter);
            assertThat(lessButTrue || signal.equals(new Missed(ROOM.id()))).isTrue();
        }
    }

    /** A zero byte would end a part. */
    @Test
    void kindOrKeyWithAZeroByteIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> bytes(appended("k\0", "body")));
        assertThatIllegalArgumentException().isThrownBy(() -> EntryCodec.part("\0"));
        assertThat(EntryCodec.part(" k ")).isEqualTo(" k ");
    }

    /** The parts that are there are whole. */
    private static boolean isPartOf(EntryAppended signal) {
        LogEntry entry = signal.entry();
        return signal.position().equals(ID)
                && signal.previous().equals(EntryId.START)
                && (entry == null || entry.body().equals("body"));
    }
}
