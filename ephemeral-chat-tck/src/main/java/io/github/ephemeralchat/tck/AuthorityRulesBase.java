package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Everybody who may want something of a room. */
abstract class AuthorityRulesBase extends StoreRules {

    static final Set<Who> ALL_BUT_READERS = EnumSet.of(Who.OWNER, Who.MEMBER, Who.HOST);
    static final Set<Who> OWNER_AND_HOST = EnumSet.of(Who.OWNER, Who.HOST);
    static final Set<Who> PARTICIPANTS = EnumSet.of(Who.OWNER, Who.MEMBER, Who.READER);

    enum Who {
        OWNER,
        MEMBER,
        READER,
        HOST,
        /** A member of another room. */
        NO_MEMBER,
        /** Had a seat here. */
        LEFT
    }

    /** A room with somebody of each kind. */
    record Everybody(TestRoom room, Caller member, Caller reader, Caller other, Caller nonMember, Caller left) {

        static Everybody in(TestRoom room) {
            var left = room.join();
            var all = new Everybody(
                    room,
                    room.join(),
                    room.join(),
                    room.join(),
                    roomIn(room.store()).owner(),
                    left);
            room.assign(all.reader, Role.READER);
            room.leave(left);
            return all;
        }

        Caller caller(Who who) {
            return switch (who) {
                case OWNER, HOST -> room.owner();
                case MEMBER -> member;
                case READER -> reader;
                case NO_MEMBER -> nonMember;
                case LEFT -> left;
            };
        }

        /** The same one by token and by id. */
        List<Actor> actors(Who who) {
            return who == Who.HOST
                    ? List.of(TestRoom.HOST)
                    : List.of(caller(who).actor(), caller(who).actorById());
        }
    }

    static TestRoom create(RoomStore store, boolean ownerOnlyDestroy) {
        var any = TestRoom.notCreated(store, RoomId.random(), LONG_LIFE, SEATS).room();
        var room = new Room(any.incarnation(), any.createdAt(), any.expiresAt(), SEATS, ownerOnlyDestroy);
        return TestRoom.create(store, room, null);
    }

    static void forEachActor(RoomStore store, boolean ownerOnlyDestroy, Attempt attempt) {
        for (Who who : Who.values()) {
            for (int way = 0; way < (who == Who.HOST ? 1 : 2); way++) {
                Everybody all = Everybody.in(create(store, ownerOnlyDestroy));
                attempt.make(who, all, all.actors(who).get(way));
            }
        }
    }

    interface Attempt {
        void make(Who who, Everybody all, Actor actor);
    }

    static Class<? extends Exception> refusalOf(Who who) {
        return PARTICIPANTS.contains(who) ? NotPermittedException.class : NotAParticipantException.class;
    }
}
