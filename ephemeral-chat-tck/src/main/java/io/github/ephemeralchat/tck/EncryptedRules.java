package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is fixed when a room is created, and rooms whose texts and profiles are opaque. */
@Tag("S21")
abstract class EncryptedRules extends StoreRules {

    private static final TokenHash PROOF = TokenHash.of("the proof of an encrypted room");
    private static final TokenHash WRONG = TokenHash.of("another proof");
    private static final String PROFILE = "e1.profile-of_somebody";
    private static final String LONGEST_PROFILE = "x".repeat(512);

    @Test
    void s3_room_keeps_the_rules_that_it_was_created_with() {
        RoomRules all = new RoomRules(7, true, true, Duration.ofDays(1), true, true);
        RoomRules some = new RoomRules(3, false, false, Duration.ofSeconds(5), true, false);
        RoomRules others = new RoomRules(3, false, false, null, false, true);

        assertThat(onOtherNode(create(all)).present().rules()).isEqualTo(all);
        assertThat(create(some).present().rules()).isEqualTo(some);
        assertThat(onOtherNode(create(others)).present().rules()).isEqualTo(others);
    }

    @Test
    void s21_owner_has_its_handle_and_its_profile() {
        JoinRequest request = request("the owner's name").withProfile(PROFILE);
        TestRoom room = encrypted(request);

        Identity shown = new Identity(request.identity().id(), request.handle());
        assertThat(room.state().members()).containsExactly(new Member(shown, 1, Role.OWNER, PROFILE));
        assertThat(onOtherNode(room).log())
                .singleElement()
                .satisfies(entry -> assertJoined(entry, shown, Role.OWNER, PROFILE));
    }

    @Test
    void s21_new_seat_has_its_handle_and_its_profile() {
        TestRoom room = encrypted();
        JoinRequest request = request("somebody's name").withProfile(LONGEST_PROFILE);

        Joined joined = onOtherNode(room).join(request);

        Identity shown = new Identity(request.identity().id(), request.handle());
        Member member = new Member(shown, 2, Role.MEMBER, LONGEST_PROFILE);
        assertThat(joined.seat().member()).isEqualTo(member);
        assertJoined(room.log().get(1), shown, Role.MEMBER, LONGEST_PROFILE);
        assertThat(room.state().members()).contains(member);
        assertThat(room.store().authenticate(room.id(), request.token()))
                .hasValueSatisfying(seat -> assertThat(seat.member()).isEqualTo(member));
        assertThat(room.join(request).seat().member()).isEqualTo(member);
    }

    @Test
    void s21_profile_outlives_a_change_of_role() {
        TestRoom room = encrypted();
        Member member = room.join(request("a name").withProfile(PROFILE)).seat().member();

        room.change(new RoomChange.Assign(member.identity().id(), Role.READER));
        assertThat(room.state().members()).contains(member.withRole(Role.READER));
        room.change(new RoomChange.Assign(member.identity().id(), Role.OWNER));
        assertThat(room.state().members()).contains(member.withRole(Role.OWNER));
    }

    @Test
    void s21_profile_leaves_with_its_seat() {
        TestRoom room = encrypted();
        JoinRequest request = request("a name").withProfile(PROFILE);
        room.join(request);
        room.change(TestRoom.HOST, new RoomChange.Leave(request.identity().id()));

        Member again = room.join(
                        JoinRequest.named(request.identity(), Caller.create().token())
                                .withProof(PROOF))
                .seat()
                .member();

        assertThat(again.profile()).isNull();
    }

    @Test
    void s21_profile_of_one_is_not_anothers() {
        TestRoom room = encrypted();

        room.join(request("a name").withProfile(PROFILE));
        Member other = room.join(request("another name")).seat().member();

        assertThat(other.profile()).isNull();
        assertThat(room.state().members())
                .filteredOn(member -> member.profile() != null)
                .hasSize(1);
    }

    @Test
    void s21_profile_is_refused_in_a_plain_room() {
        TestRoom room = room();

        room.assertRefused(
                IllegalArgumentException.class,
                () -> room.join(Caller.create().named().withProfile(PROFILE)));
    }

    @Test
    void s21_name_is_shown_in_a_plain_room() {
        TestRoom room = room();
        Caller caller = Caller.create();

        room.join(caller);

        assertThat(room.members()).contains(caller.identity());
    }

    @Test
    void s21_plain_text_is_refused_in_an_encrypted_room() {
        TestRoom room = encrypted();

        room.assertRefused(IllegalArgumentException.class, () -> room.append(room.owner(), draft("key", false)));

        assertThat(room.append(room.owner(), draft("key", true)).stored()).isTrue();
        assertThat(room.append(room.owner(), draft("other", null)).stored()).isTrue();
        assertThat(room.keys()).containsExactly("key", "other");
    }

    @Test
    void s21_opaque_text_is_refused_in_a_plain_room() {
        TestRoom room = room();

        room.assertRefused(IllegalArgumentException.class, () -> room.append(room.owner(), draft("key", true)));

        assertThat(room.append(room.owner(), draft("key", false)).stored()).isTrue();
        assertThat(room.append(room.owner(), draft("other", null)).stored()).isTrue();
        assertThat(room.keys()).containsExactly("key", "other");
    }

    @Test
    void s21_encrypted_room_always_asks_for_a_proof() {
        TestRoom room = encrypted();

        room.assertRefused(
                IllegalArgumentException.class,
                () -> room.change(new RoomChange.Admission(true, new ProofChange.Remove())));

        assertThat(room.present().proofRequired()).isTrue();
        room.assertRefused(WrongProofException.class, room::join);
    }

    @Test
    void s15_whoever_is_refused_learns_whether_the_room_is_encrypted() {
        assertTold(encrypted(), true);
        assertTold(create(RoomRules.plain(SEATS, false)), false);
    }

    private static void assertTold(TestRoom room, boolean encrypted) {
        assertThatExceptionOfType(WrongProofException.class)
                .isThrownBy(room::join)
                .satisfies(refused -> assertThat(refused.encrypted()).isEqualTo(encrypted));
        room.change(new RoomChange.Admission(true, new ProofChange.Keep()));
        assertThatExceptionOfType(RoomLockedException.class)
                .isThrownBy(room::join)
                .satisfies(refused -> assertThat(refused.encrypted()).isEqualTo(encrypted));
    }

    @Test
    void s15_wrong_proofs_are_not_counted_in_an_encrypted_room() {
        TestRoom room = encrypted();

        for (int i = 0; i <= 2 * RoomStore.FREE_WRONG_PROOFS; i++) {
            room.assertRefused(
                    WrongProofException.class, () -> room.join(request("a name").withProof(WRONG)));
        }

        room.join(request("a name"));
        assertThat(room.members()).hasSize(2);
    }

    private static Draft draft(String key, @Nullable Boolean encrypted) {
        return new Draft(LogEntry.MESSAGE, key, "text").withEncrypted(encrypted);
    }

    private static void assertJoined(LogEntry entry, Identity identity, Role role, String profile) {
        assertThat(entry.kind()).isEqualTo(LogEntry.JOINED);
        assertThat(entry.sender()).isEqualTo(identity);
        assertThat(entry.body()).isEqualTo(EntryBody.joined(role, profile));
    }

    private static JoinRequest request(String name) {
        return JoinRequest.named(Identity.named(name), Caller.create().token()).withProof(PROOF);
    }

    private TestRoom encrypted() {
        return encrypted(request("an owner's name"));
    }

    private TestRoom encrypted(JoinRequest owner) {
        return create(RoomRules.plain(SEATS, false).withEncrypted(true), owner);
    }

    private TestRoom create(RoomRules rules) {
        return create(rules, request("an owner's name"));
    }

    private TestRoom create(RoomRules rules, JoinRequest owner) {
        RoomStore store = store();
        Room room = TestRoom.notCreated(store, RoomId.random(), LONG_LIFE, SEATS)
                .room()
                .withRules(rules)
                .withAdmission(false, true);
        assertThat(store.create(room, owner)).as("create of a new room").isTrue();
        return new TestRoom(store, room, new Caller(owner.identity(), owner.token()));
    }
}
