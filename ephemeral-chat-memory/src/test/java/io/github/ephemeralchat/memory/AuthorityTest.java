package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.HostAuthority;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.SettableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What participants and the host may do in a room, as a host calls it. */
class AuthorityTest {

    private static final String PROOF = "a-proof-of-22-characters";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SettableTime time = new SettableTime();
    private final EphemeralChatService chat = EphemeralChatService.builder(
                    MemoryRoomStore.builder().timeSource(time).build())
            .hostName("Desk")
            .longestLife(Duration.ofHours(1))
            .build();
    private final Membership owner = chat.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    private final RoomId room = owner.room().id();
    private final Membership member = chat.join(room, Identity.named("Ben"));
    private final HostAuthority host = chat.asHost(room);

    @Test
    void afterTheServiceIsClosed_nothingWorks() {
        chat.close();
        Authority ben = chat.as(room, member.token());
        List<ThrowingCallable> calls = List.of(
                () -> chat.createRoom(RoomOptions.defaults(), Identity.anonymous()),
                () -> chat.join(room, Identity.anonymous()),
                () -> chat.findRoom(room),
                () -> chat.participants(room),
                () -> chat.authenticate(room, member.token()),
                () -> chat.history(room, 0, 1),
                () -> chat.subscribe(room, Cursor.now(), event -> {}),
                () -> ben.post("hello"),
                () -> ben.endIn(Duration.ofMinutes(5)),
                () -> ben.leave(),
                () -> host.describe(),
                () -> host.lock(),
                () -> host.destroy());
        calls.forEach(call -> assertThatIllegalStateException().isThrownBy(call).withMessage("the service is closed"));
    }

    @AfterEach
    void close() {
        chat.close();
    }

    private Authority as(Membership membership) {
        return chat.as(room, membership.token());
    }

    private Room room() {
        return chat.findRoom(room).orElseThrow();
    }

    private static void assertThrows(Class<? extends EphemeralChatException> type, Runnable action) {
        assertThatExceptionOfType(type).isThrownBy(action::run);
    }

    private final List<Consumer<Authority>> changesOfAnOwner = List.of(
            Authority::lock,
            Authority::unlock,
            authority -> authority.requireProof(PROOF),
            Authority::requireNoProof,
            authority -> authority.endIn(Duration.ofMinutes(20)),
            authority -> authority.assign(member.identity().id(), Role.READER),
            authority -> authority.assign(member.identity().id(), Role.MEMBER),
            authority -> authority.setProperty("title", "a title"),
            authority -> authority.removeProperty("title"));

    @Test
    void ownerAndHost_steer_othersDoNot() {
        for (Consumer<Authority> change : changesOfAnOwner) {
            assertThrows(NotPermittedException.class, () -> change.accept(as(member)));
            assertThrows(NotAParticipantException.class, () -> change.accept(chat.as(room, "nobody's")));
            assertThrows(NotAParticipantException.class, () -> change.accept(chat.asParticipant(room, "p_nobody")));
            change.accept(as(owner));
            change.accept(chat.asParticipant(room, owner.identity().id()));
            change.accept(host);
        }
    }

    @Test
    void lockedRoom_takesNobodyNew_andKeepsWhoIsThere() {
        as(owner).lock();
        assertThat(room().locked()).isTrue();
        assertThrows(RoomLockedException.class, () -> chat.join(room, Identity.anonymous()));
        assertThat(chat.join(room, member.identity()).identity()).isEqualTo(member.identity());
        assertThat(host.admit(Identity.named("Kim")).identity().name()).isEqualTo("Kim");
        as(owner).unlock();
        chat.join(room, Identity.anonymous());
    }

    @Test
    void removedParticipant_doesNotComeBackIntoALockedRoom() {
        as(owner).lock();
        as(owner).remove(member.identity().id());
        assertThrows(RoomLockedException.class, () -> chat.join(room, member.identity()));
    }

    @Test
    void roomWithAProof_takesWhoeverBringsIt() {
        Membership closed = chat.createRoom(RoomOptions.defaults().withProof(PROOF), Identity.anonymous());
        RoomId code = closed.room().id();
        assertThat(closed.room().proofRequired()).isTrue();
        assertThrows(WrongProofException.class, () -> chat.join(code, Identity.anonymous()));
        assertThrows(WrongProofException.class, () -> chat.join(code, Identity.anonymous(), PROOF + "x"));
        chat.join(code, Identity.anonymous(), PROOF);
        chat.asHost(code).requireProof("another-proof-of-22-characters");
        assertThrows(WrongProofException.class, () -> chat.join(code, Identity.anonymous(), PROOF));
        chat.asHost(code).requireNoProof();
        chat.join(code, Identity.anonymous());
    }

    @Test
    void wrongProofs_makeNewSeatsWait() {
        as(owner).requireProof(PROOF);
        for (int i = 0; i < 11; i++) {
            assertThrows(WrongProofException.class, () -> chat.join(room, Identity.anonymous(), "wrong"));
        }
        assertThatExceptionOfType(TooManyProofsException.class)
                .isThrownBy(() -> chat.join(room, Identity.anonymous(), PROOF))
                .satisfies(waiting -> assertThat(waiting.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
        chat.join(room, member.identity());
        time.advance(Duration.ofSeconds(1));
        chat.join(room, Identity.anonymous(), PROOF);
    }

    @Test
    void end_movesWithinItsBounds() {
        as(owner).endIn(Duration.ofMinutes(30));
        assertThat(room().expiresAt()).isEqualTo(chat.now().plus(Duration.ofMinutes(30)));
        assertThatIllegalArgumentException().isThrownBy(() -> as(owner).endIn(Duration.ofSeconds(59)));
        for (long seconds : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> as(owner).endIn(Duration.ofSeconds(seconds)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> as(owner).endIn(Duration.ofHours(1).plusMillis(1)));
        time.advance(Duration.ofMinutes(11)); // The first end has passed.
        assertThat(chat.findRoom(room)).isPresent();
        as(owner).endIn(Duration.ofSeconds(61));
        time.advance(Duration.ofMillis(1_001));
        assertThrows(TooLateException.class, () -> as(owner).endIn(Duration.ofMinutes(10)));
        time.advance(Duration.ofSeconds(60));
        assertThat(chat.findRoom(room)).isEmpty();
    }

    @Test
    void lifeOfARoom_isCutToTheLongest() {
        Room longer = chat.createRoom(RoomOptions.defaults().withTtl(Duration.ofHours(3)), Identity.anonymous())
                .room();
        assertThat(longer.expiresAt())
                .isEqualTo(longer.createdAt().plus(Duration.ofHours(1)))
                .isEqualTo(longer.latestExpiresAt());
    }

    @Test
    void reader_readsAndLeaves_andNothingElse() {
        as(owner).assign(member.identity().id(), Role.READER);
        assertThrows(NotPermittedException.class, () -> as(member).post("hello"));
        assertThrows(NotPermittedException.class, () -> as(member).destroy());
        assertThrows(
                NotPermittedException.class,
                () -> as(member).remove(owner.identity().id()));
        as(member).leave();
        assertThat(chat.participants(room)).containsExactly(new Participant(owner.identity(), Role.OWNER));
    }

    @Test
    void room_isHandedOver() {
        as(owner).assign(member.identity().id(), Role.OWNER);
        assertThat(chat.participants(room))
                .containsExactly(
                        new Participant(member.identity(), Role.OWNER), new Participant(owner.identity(), Role.MEMBER));
        assertThrows(NotPermittedException.class, () -> as(owner).lock());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> as(member).assign(member.identity().id(), Role.READER));
        assertThrows(NoSuchSeatException.class, () -> as(member).assign("p_nobody", Role.READER));
    }

    @Test
    void ownerThatLeaves_isFollowedByTheFirstWhoIsNoReader() {
        Membership third = chat.join(room, Identity.named("Carl"));
        as(owner).assign(member.identity().id(), Role.READER);
        as(owner).leave();
        assertThat(chat.participants(room))
                .containsExactly(
                        new Participant(third.identity(), Role.OWNER), new Participant(member.identity(), Role.READER));
    }

    @Test
    void properties_areBounded() {
        for (int i = 0; i < Room.MAX_PROPERTIES; i++) {
            host.setProperty("p" + i, "value");
        }
        assertThrows(TooManyPropertiesException.class, () -> host.setProperty("one-more", "value"));
        host.removeProperty("p0");
        host.setProperty("one-more", "v".repeat(512));
        assertThat(room().properties()).hasSize(16).containsEntry("one-more", "v".repeat(512));
        assertThatIllegalArgumentException().isThrownBy(() -> host.setProperty("Not a name", "value"));
        assertThatIllegalArgumentException().isThrownBy(() -> host.setProperty("title", " "));
    }

    @Test
    void host_needsNoSeat() {
        host.post("welcome");
        host.remove(member.identity().id());
        assertThat(chat.participants(room)).hasSize(1);
        assertThatIllegalArgumentException().isThrownBy(host::leave);
        assertThat(host.describe()).get().satisfies(summary -> {
            assertThat(summary.participants()).isEqualTo(1);
            assertThat(summary.lastSequence()).isEqualTo(4);
        });
        assertThat(host.destroy()).isTrue();
        assertThat(host.destroy()).isFalse();
        assertThat(host.describe()).isEmpty();
        assertThrows(RoomNotFoundException.class, host::lock);
    }

    @Test
    void hostsAdmission_passesNoFullRoom() {
        Membership small = chat.createRoom(RoomOptions.defaults().withMaxParticipants(2), Identity.anonymous());
        HostAuthority hostOfSmall = chat.asHost(small.room().id());
        hostOfSmall.admit(Identity.anonymous());
        assertThrows(RoomFullException.class, () -> hostOfSmall.admit(Identity.anonymous()));
    }

    @Test
    void nobody_isTheHost() {
        Identity host = new Identity("host", "Desk");
        assertThatIllegalArgumentException().isThrownBy(() -> chat.join(room, host));
        assertThatIllegalArgumentException().isThrownBy(() -> chat.createRoom(RoomOptions.defaults(), host));
    }

    @Test
    void everyChange_isTold_withWhoMadeIt() {
        List<RoomEvent> told = new CopyOnWriteArrayList<>();
        chat.subscribe(room, Cursor.now(), told::add);
        host.post("welcome");
        as(owner).lock();
        as(owner).lock(); // It is: nothing to tell.
        as(owner).requireProof(PROOF);
        as(owner).assign(member.identity().id(), Role.READER);
        as(owner).setProperty("title", "a=b");
        host.removeProperty("title");
        host.endIn(Duration.ofMinutes(30));
        Await.until(LIMIT, "all is told", () -> told.size() >= 7);
        Identity anna = owner.identity();
        assertThat(((RoomEvent.NoticePosted) told.get(0)).message().sender()).isEqualTo(new Identity("host", "Desk"));
        assertThat(told.get(1)).isInstanceOfSatisfying(RoomEvent.AdmissionChanged.class, changed -> {
            assertThat(changed.locked()).isTrue();
            assertThat(changed.proofRequired()).isFalse();
            assertThat(changed.by()).isEqualTo(anna);
        });
        assertThat(told.get(2)).isInstanceOfSatisfying(RoomEvent.AdmissionChanged.class, changed -> {
            assertThat(changed.locked()).isTrue();
            assertThat(changed.proofRequired()).isTrue();
        });
        assertThat(told.get(3)).isInstanceOfSatisfying(RoomEvent.RoleChanged.class, changed -> {
            assertThat(changed.participant()).isEqualTo(new Participant(member.identity(), Role.READER));
            assertThat(changed.by()).isEqualTo(anna);
        });
        assertThat(told.get(4)).isInstanceOfSatisfying(RoomEvent.PropertyChanged.class, changed -> {
            assertThat(changed.value()).isEqualTo("a=b");
            assertThat(changed.toString()).doesNotContain("a=b");
        });
        assertThat(told.get(5)).isInstanceOfSatisfying(RoomEvent.PropertyChanged.class, changed -> {
            assertThat(changed.value()).isNull();
            assertThat(changed.by()).isNull();
        });
        assertThat(((RoomEvent.DeadlineMoved) told.get(6)).expiresAt()).isEqualTo(room().expiresAt());
    }

    @Test
    void values_showNothingThatSomebodyWrote() {
        RoomOptions options = RoomOptions.defaults().withProof(PROOF).withProperties(Map.of("title", "secret"));
        Room secret = chat.createRoom(options, Identity.anonymous()).room();
        assertThat(options.toString() + secret + as(owner) + host)
                .doesNotContain("secret", PROOF, room.value(), secret.id().value());
    }

    @Test
    void shortestLife_isValidAlsoIfTheStoreLooksAtItsClockLater() {
        AtomicLong millis = new AtomicLong(1_000_000);
        MemoryRoomStore store = MemoryRoomStore.builder()
                .timeSource(() -> Instant.ofEpochMilli(millis.getAndIncrement()))
                .build();
        try (EphemeralChatService ticking = EphemeralChatService.create(store)) {
            RoomId id = ticking.createRoom(RoomOptions.defaults(), Identity.anonymous())
                    .room()
                    .id();
            ticking.asHost(id).endIn(Duration.ofSeconds(60));
            Duration left = Duration.between(
                    ticking.now(), ticking.findRoom(id).orElseThrow().expiresAt());
            assertThat(left).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ticking.asHost(id).endIn(Duration.ofMillis(59_999)));
        }
    }
}
