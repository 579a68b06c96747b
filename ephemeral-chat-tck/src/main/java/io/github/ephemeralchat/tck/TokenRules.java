package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which tokens a seat has, and what each of them is. */
abstract class TokenRules extends StoreRules {

    @Test
    @Tag("S5")
    void s5_each_candidate_that_is_a_token_is_told_from_the_others() {
        TestRoom room = room();
        var first = room.join();
        var second = room.join();
        TokenHash wrong = Caller.create().token();
        TokenHash ofAnotherRoom = room().owner().token();

        var found = onOtherNode(room)
                .store()
                .authenticate(room.id(), List.of(wrong, second.token(), ofAnotherRoom, first.token()));

        assertThat(found)
                .extracting(Authenticated::token, each -> each.seat().member().identity())
                .containsExactly(tuple(second.token(), second.identity()), tuple(first.token(), first.identity()));
        assertThat(found).extracting(each -> each.seat().head()).containsOnly(room.head());
        assertThat(room.store().authenticate(RoomId.random(), List.of(wrong, first.token())))
                .isEmpty();
    }

    @Test
    @Tag("S6")
    void s6_second_join_of_an_identity_takes_the_same_seat() {
        TestRoom room = room(2);
        var phone = Caller.create();
        var first = room.join(phone);
        var before = room.state();
        var laptop = phone.withNewToken();

        var second = room.join(laptop);
        var owner = room.join(room.owner().withNewToken());

        assertThat(second).isEqualTo(new Joined(first.seat(), null));
        assertThat(owner.seat().member()).isEqualTo(new Member(room.owner().identity(), 1, Role.OWNER));
        assertThat(room.state()).isEqualTo(before);
        assertThat(List.of(phone, laptop)).allMatch(room::isMember);
    }

    @Test
    @Tag("S6")
    void s6_ninth_token_of_a_seat_drops_the_oldest() {
        TestRoom room = room();
        var caller = Caller.create();
        List<Caller> devices = Stream.generate(caller::withNewToken)
                .limit(RoomStore.MAX_TOKENS_PER_SEAT + 1)
                .toList();

        devices.forEach(room::join);

        assertThat(room.isMember(devices.get(0))).as("oldest token is valid").isFalse();
        room.assertRefused(devices.get(0), "k");
        assertThat(devices.subList(1, devices.size())).allMatch(room::isMember);
        assertThat(room.isMember(room.owner())).as("another member").isTrue();
    }

    @Test
    @Tag("S6")
    void s6_own_token_joined_again_changes_nothing() {
        TestRoom room = room(2);
        var member = Caller.create();
        var first = room.join(member.anonymously());
        var before = room.state();
        var log = room.log();

        var again = room.join(member.anonymously());
        var onceMore = onOtherNode(room).join(member.anonymously());
        var named = room.join(new Caller(first.seat().member().identity(), member.token()));

        assertThat(List.of(again, onceMore, named)).containsOnly(new Joined(first.seat(), null));
        assertThat(room.state()).isEqualTo(before);
        assertThat(room.log()).isEqualTo(log);
        assertThat(room.isMember(member)).isTrue();
    }

    @Test
    @Tag("S6")
    void s6_own_token_joined_again_stays_as_old_as_it_is() {
        TestRoom room = room();
        var oldest = room.join();
        for (int i = 1; i < RoomStore.MAX_TOKENS_PER_SEAT; i++) {
            room.joinAgain(oldest);
        }
        room.join(oldest);
        room.join(oldest.anonymously());

        var newest = room.joinAgain(oldest);

        assertThat(room.isMember(oldest)).isFalse();
        assertThat(room.isMember(newest)).isTrue();
    }

    @Test
    @Tag("S6")
    void s6_named_identity_does_not_get_anothers_token() {
        TestRoom room = room();
        var first = room.join();
        var second = room.join();
        var nobody = Caller.create();

        for (Caller named : List.of(second, nobody, room.owner())) {
            var stolen = new Caller(named.identity(), first.token());
            room.assertRefused(NotPermittedException.class, () -> room.join(stolen));
            room.assertRefused(
                    NotPermittedException.class, () -> room.join(stolen.named().asAdmitted()));
        }

        assertThat(room.seat(first).orElseThrow().member().identity()).isEqualTo(first.identity());
        assertThat(List.of(first, second, room.owner())).allMatch(room::isMember);
        room.leave(second);
        assertThat(room.isMember(first)).isTrue();
    }

    @Test
    @Tag("S6")
    void s6_token_of_a_member_that_left_takes_a_new_seat() {
        TestRoom room = room();
        var left = room.join();
        room.leave(left);

        var next = new Caller(Caller.create().identity(), left.token());
        var joined = room.join(next);

        assertThat(joined.appended()).isNotNull();
        assertThat(joined.seat().member().identity()).isEqualTo(next.identity());
        room.leave(left);
        assertThat(room.isMember(next)).isTrue();
    }

    @Test
    @Tag("S6")
    @Tag("S13")
    void s6_s13_dead_tokens_do_not_count() {
        TestRoom room = room();
        var member = room.join();
        for (int i = 1; i < RoomStore.MAX_TOKENS_PER_SEAT; i++) {
            room.joinAgain(member);
        }
        room.leave(member);

        List<Caller> devices = Stream.generate(() -> room.joinAgain(member))
                .limit(RoomStore.MAX_TOKENS_PER_SEAT)
                .toList();

        assertThat(devices).allMatch(room::isMember);
        assertThat(room.isMember(member)).isFalse();
    }

    @Test
    @Tag("S6")
    void s6_newest_eight_tokens_of_each_seat_are_valid() {
        TestRoom room = room();
        var first = room.join();
        var second = room.join();
        List<Caller> firsts = new ArrayList<>(List.of(first));
        List<Caller> seconds = new ArrayList<>(List.of(second));

        for (int i = 1; i < 3 * RoomStore.MAX_TOKENS_PER_SEAT; i++) {
            firsts.add(room.joinAgain(first));
            if (i <= RoomStore.MAX_TOKENS_PER_SEAT) {
                seconds.add(room.joinAgain(second));
            }
        }

        for (List<Caller> devices : List.of(firsts, seconds)) {
            int dropped = devices.size() - RoomStore.MAX_TOKENS_PER_SEAT;
            assertThat(devices.subList(0, dropped)).noneMatch(room::isMember);
            assertThat(devices.subList(dropped, devices.size())).allMatch(room::isMember);
        }
        assertThat(room.isMember(room.owner())).as("a token of a third seat").isTrue();
    }
}
