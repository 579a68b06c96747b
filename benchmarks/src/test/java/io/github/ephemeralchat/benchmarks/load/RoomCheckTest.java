package io.github.ephemeralchat.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The check finds each fault that is seeded, and only that. */
class RoomCheckTest {

    private static final int MESSAGES = 100;
    private static final int PUBLISHERS = 4;

    private final List<Integer> first = inOrder();
    private final List<Integer> second = inOrder();

    private static List<Integer> inOrder() {
        return new ArrayList<>(IntStream.range(0, MESSAGES).boxed().toList());
    }

    /** Message n is the publisher's whose number is n modulo four. */
    private Verdict verdict() {
        RoomCheck room = new RoomCheck(2, PUBLISHERS);
        IntStream.range(0, MESSAGES).forEach(room::acknowledged);
        first.forEach(sequence -> room.got(0, sequence, sequence % PUBLISHERS));
        second.forEach(sequence -> room.got(1, sequence, sequence % PUBLISHERS));
        return room.verdict();
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() {
        assertThat(verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(verdict().isClean()).isTrue();
    }

    @Test
    void aDroppedMessageIsLost() {
        second.remove(41);
        assertThat(verdict()).isEqualTo(new Verdict(1, 0, 0, 0, 0));
        assertThat(verdict().isClean()).isFalse();
    }

    @Test
    void theLastMessageDroppedOnAllStreamsIsLostOnEach() {
        first.remove(MESSAGES - 1);
        second.remove(MESSAGES - 1);
        assertThat(verdict()).isEqualTo(new Verdict(2, 0, 0, 0, 0));
    }

    @Test
    void whatWasNotAcknowledgedMayBeMissing() {
        RoomCheck room = new RoomCheck(1, 1);
        room.acknowledged(0);
        room.got(0, 0, 0);
        room.got(0, 1, 0);
        assertThat(room.verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void aMessageThatComesAgainIsDoubled() {
        second.add(70, 41);
        assertThat(verdict()).isEqualTo(new Verdict(0, 1, 0, 0, 0));
    }

    @Test
    void twoMessagesOfOnePublisherSwappedAreReorderedAndTheRoomDiverges() {
        Collections.swap(second, 40, 44);
        assertThat(verdict().reordered()).isEqualTo(1);
        assertThat(verdict().divergentRooms()).isEqualTo(1);
    }

    @Test
    void twoMessagesOfDifferentPublishersSwappedMakeTheRoomDiverge() {
        Collections.swap(second, 40, 41);
        assertThat(verdict()).isEqualTo(new Verdict(0, 0, 0, 0, 1));
    }

    @Test
    void theSameStrangeOrderOnAllStreamsIsTheRoomsOrder() {
        Collections.swap(first, 40, 41);
        Collections.swap(second, 40, 41);
        assertThat(verdict()).isEqualTo(Verdict.CLEAN);
    }

    @Test
    void anotherRoomsMessageHasStrayed() {
        Phase phase = new Phase(1, Workload.W2.withRooms(20));
        Payload payload = new Payload();
        byte[] text = Payload.blank(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Payload.write(text, 0, 1, new Post(7, 0, 0), 0, 0);
        assertThat(payload.read(text, 0, text.length)).isTrue();
        phase.arrived(7, 0, payload, 1);
        phase.arrived(8, 0, payload, 1);
        assertThat(phase.verdict()).isEqualTo(new Verdict(0, 0, 0, 1, 0));
    }
}
