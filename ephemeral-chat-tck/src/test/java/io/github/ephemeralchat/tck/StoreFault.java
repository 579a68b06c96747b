package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Stores with one fault each, and the test that has to find it. */
enum StoreFault implements SeededFault {
    LOST_UPDATE("s1_s2_appends_lose_nothing_and_leave_no_hole", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Appended write(Chat chat, String kind, Identity sender, String key, String body) {
            List<LogEntry> before = List.copyOf(chat.log);
            SeededFault.letOthersIn(this);
            Appended appended = super.write(chat, kind, sender, key, body);
            chat.log.clear();
            chat.log.addAll(before);
            chat.log.add(appended.entry());
            return appended;
        }
    }),
    MEMBERSHIP_CHECKED_TOO_EARLY(
            "s5_s13_nothing_of_a_member_comes_after_it_left", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> actor(Chat chat, Actor actor) {
                    Optional<Member> member = super.actor(chat, actor);
                    SeededFault.letOthersIn(this);
                    return member;
                }
            }),
    SEATS_COUNTED_TOO_EARLY(
            "s1_s6_joins_at_once_fill_exactly_the_seats", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isFull(Chat chat) {
                    boolean full = super.isFull(chat);
                    SeededFault.letOthersIn(this);
                    return full;
                }
            }),
    RETRIES_CHECKED_TOO_EARLY(
            "s1_s4_same_key_at_once_is_stored_once", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    Optional<LogEntry> earlier = super.earlier(chat, sender, draft);
                    SeededFault.letOthersIn(this);
                    return earlier;
                }
            }),
    HOLE_IN_THE_SEQUENCE(
            "s2_sequences_are_dense_over_all_kinds_of_entries", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                EntryId nextId(Chat chat) {
                    EntryId next = super.nextId(chat);
                    return next.sequence() == 5 ? new EntryId(6, next.nonce()) : next;
                }
            }),
    FIXED_NONCE("s2_nonces_are_drawn_at_random", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        EntryId nextId(Chat chat) {
            return new EntryId(super.nextId(chat).sequence(), 1);
        }
    }),
    NONCE_IGNORED("s2_place_with_another_nonce_is_forked", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Continuity continuity(Chat chat, EntryId after) {
            return super.continuity(chat, EntryId.at(after.sequence()));
        }
    }),
    NONCE_IGNORED_WHERE_IT_CANNOT_BE_VERIFIED(
            "s10_place_whose_nonce_cannot_be_verified_is_truncated",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Continuity continuity(Chat chat, EntryId after) {
                    boolean kept = after.sequence() >= chat.log.get(0).id().sequence();
                    return super.continuity(chat, kept ? after : EntryId.at(after.sequence()));
                }
            }),
    IDEMPOTENCY_FORGOTTEN(
            "s4_retry_returns_the_entry_and_stores_nothing", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return Optional.empty();
                }
            }),
    KEYS_SHARED_BY_ALL_MEMBERS(
            "s4_same_key_of_another_member_is_another_entry", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return chat.log.stream()
                            .filter(entry -> draft.key().equals(entry.key()))
                            .findFirst();
                }
            }),
    KEYS_NEVER_TRIMMED(
            "s4_s10_key_counts_as_long_as_its_entry_is_kept", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<List<?>, LogEntry> all = new HashMap<>();

                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    Appended appended = super.write(chat, kind, sender, key, body);
                    all.put(List.of(chat.room.incarnation(), sender.id(), kind + key), appended.entry());
                    return appended;
                }

                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return Optional.ofNullable(
                            all.get(List.of(chat.room.incarnation(), sender.id(), LogEntry.MESSAGE + draft.key())));
                }
            }),
    NO_MEMBERSHIP_CHECK(
            "s5_token_counts_for_its_member_in_its_room_only", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> actor(Chat chat, Actor actor) {
                    try {
                        return super.actor(chat, actor);
                    } catch (NotAParticipantException e) {
                        return Optional.of(new Member(Identity.anonymous(), 1, Role.MEMBER));
                    }
                }
            }),
    HEAD_OF_A_SEAT_NOT_THE_NEWEST(
            "s3_seat_carries_the_newest_head_on_every_node", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                EntryId seatHead(Chat chat) {
                    return chat.log.get(chat.members.size() - 1).id();
                }
            }),
    HEAD_OF_A_SEAT_READ_IN_A_LATER_STEP(
            "s1_s13_head_of_a_seat_is_older_than_its_leave", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                EntryId seatHead(Chat chat) {
                    SeededFault.letOthersIn(this);
                    return chat.head;
                }
            }),
    ONE_SEAT_TOO_MANY(
            "s6_full_room_refuses_and_stays_as_it_is", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isFull(Chat chat) {
                    return chat.members.size() > chat.room.maxParticipants();
                }
            }),
    TOKENS_WITHOUT_BOUND(
            "s6_ninth_token_of_a_seat_drops_the_oldest", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void addToken(Chat chat, Identity identity, TokenHash token) {
                    chat.tokens.put(token, identity.id());
                }
            }),
    DEADLINE_NOT_JUDGED(
            "s7_room_has_ended_at_its_deadline_which_nothing_moves",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean hasEnded(Room room) {
                    return false;
                }
            }),
    DEADLINE_JUDGED_A_MOMENT_LATE(
            "s7_room_has_ended_at_its_deadline_which_nothing_moves",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean hasEnded(Room room) {
                    return stepTime.isAfter(room.expiresAt());
                }
            }),
    DEADLINE_JUDGED_A_MOMENT_EARLY(
            "s7_room_lives_until_its_deadline", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean hasEnded(Room room) {
                    return !stepTime.isBefore(room.expiresAt().minusMillis(1));
                }
            }),
    DEADLINE_JUDGED_TOO_EARLY(
            "s7_nothing_is_appended_from_the_deadline_on", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Instant writeTime() {
                    SeededFault.letOthersIn(this);
                    return now();
                }
            }),
    DESTROY_FORGOTTEN(
            "s8_destroyed_room_has_ended_on_every_node", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void remove(Chat chat) {}
            }),
    HISTORY_KEPT_AFTER_DESTROY(
            "s9_used_code_gets_a_new_room_after_destroy", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomId, List<LogEntry>> histories = new HashMap<>();

                @Override
                void remove(Chat chat) {
                    super.remove(chat);
                    histories.put(chat.room.id(), chat.log);
                }

                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    chat.log.addAll(
                            0,
                            Optional.ofNullable(histories.remove(chat.room.id()))
                                    .orElse(List.of()));
                    return super.write(chat, kind, sender, key, body);
                }
            }),
    REVIVED_BY_A_LATE_APPEND(
            "s9_calls_on_a_code_that_never_was_make_nothing", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                public synchronized Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
                    try {
                        return super.change(id, actor, change);
                    } catch (RoomNotFoundException e) {
                        RoomIncarnation incarnation = new RoomIncarnation(id, 1);
                        Room room = new Room(incarnation, now(), now().plus(Duration.ofDays(1)), 5, false);
                        chats.put(id, new Chat(room, null));
                        throw e;
                    }
                }
            }),
    INCARNATION_IGNORED(
            "s9_late_calls_reach_no_later_room_under_the_code", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isSameIncarnation(Room room, RoomIncarnation incarnation) {
                    return room.id().equals(incarnation.id());
                }
            }),
    NEVER_TRIMMED(
            "s10_newest_entries_are_kept_and_the_others_trimmed",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTrimmed(Chat chat) {
                    return false;
                }
            }),
    TEXT_NOT_LIMITED("s10_text_is_limited_in_bytes_of_utf8", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isTrimmed(Chat chat) {
            return chat.log.size() > limits.maxEntries();
        }
    }),
    OVERLARGE_ENTRY_TRIMMED(
            "s10_newest_entry_is_kept_even_if_it_alone_is_too_large",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTrimmed(Chat chat) {
                    return super.isTrimmed(chat)
                            || chat.log.stream().anyMatch(entry -> entry.size() > limits.maxTextBytes());
                }
            }),
    ENDED_ROOMS_HELD("s11_nothing_of_a_destroyed_room_is_held", (limits, time) -> new ReferenceRoomStore(limits, time) {
        private final List<Chat> archive = new ArrayList<>();

        @Override
        void remove(Chat chat) {
            super.remove(chat);
            archive.add(chat);
        }
    }),
    TOKENS_SURVIVE_LEAVING(
            "s13_old_token_stays_dead_when_its_member_comes_back",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void removeTokens(Chat chat, String identityId) {}
            }),
    OWNER_FOR_EVER(
            "s13_owner_is_who_joined_first_of_those_present", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> heir(Chat chat) {
                    return Optional.empty();
                }
            });

    @SuppressWarnings("ImmutableEnumChecker") // each call of its function makes a new store
    private final Seed seed;

    StoreFault(String foundBy, BiFunction<LogLimits, InstantSource, ReferenceRoomStore> store) {
        seed = new Seed(foundBy, store);
    }

    @Override
    public Seed seed() {
        return seed;
    }
}
