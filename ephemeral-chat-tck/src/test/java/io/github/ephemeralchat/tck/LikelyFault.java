package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Stores with one fault each of those that plausible stores had: caches, collations, types, counters. */
enum LikelyFault implements SeededFault {
    LEAVE_OF_NOBODY_FREES_A_SEAT(
            "s6_s13_leave_of_nobody_frees_no_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Integer> taken = new HashMap<>();

                @Override
                boolean isFull(Chat chat) {
                    return taken.get(chat.room.incarnation()) >= chat.room.maxParticipants();
                }

                @Override
                Role roleOfNext(Chat chat, Identity identity) {
                    taken.merge(chat.room.incarnation(), 1, Integer::sum);
                    return super.roleOfNext(chat, identity);
                }

                @Override
                Optional<Appended> leave(Chat chat, String identityId) {
                    taken.merge(chat.room.incarnation(), -1, Integer::sum);
                    return super.leave(chat, identityId);
                }
            }),
    AUTHENTICATED_TOKEN_STAYS_VALID(
            "s13_token_that_was_just_valid_is_dead_after_the_leave",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<TokenHash, Seat> known = new HashMap<>();

                @Override
                public synchronized Optional<Seat> authenticate(RoomId id, TokenHash token) {
                    Optional<Seat> seat = super.authenticate(id, token);
                    seat.ifPresent(found -> known.put(token, found));
                    return seat.or(() -> Optional.ofNullable(known.get(token)));
                }
            }),
    DEAD_TOKENS_COUNTED("s6_s13_dead_tokens_do_not_count", (limits, time) -> new ReferenceRoomStore(limits, time) {
        private final Map<String, Integer> given = new HashMap<>();

        @Override
        void addToken(Chat chat, Identity identity, TokenHash token) {
            super.addToken(chat, identity, token);
            if (given.merge(identity.id(), 1, Integer::sum) > MAX_TOKENS_PER_SEAT) {
                chat.tokens.keySet().stream()
                        .filter(other -> chat.tokens.get(other).equals(identity.id()) && !other.equals(token))
                        .findFirst()
                        .ifPresent(chat.tokens::remove);
            }
        }
    }),
    TOKENS_COUNTED_FOR_THE_ROOM(
            "s6_newest_eight_tokens_of_each_seat_are_valid", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void addToken(Chat chat, Identity identity, TokenHash token) {
                    super.addToken(chat, identity, token);
                    if (chat.tokens.size() > 2 * MAX_TOKENS_PER_SEAT) {
                        chat.tokens.remove(chat.tokens.keySet().iterator().next());
                    }
                }
            }),
    DEAD_TOKEN_FINDS_NO_NEW_SEAT(
            "s6_token_of_a_member_that_left_takes_a_new_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Set<TokenHash> ever = new HashSet<>();

                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    Optional<Member> present = super.present(chat, request);
                    if (!ever.add(request.token()) && present.isEmpty()) {
                        throw new NotPermittedException();
                    }
                    return present;
                }
            }),
    KEYS_NOT_TRIMMED_WITH_BYTES(
            "s4_s10_key_counts_no_more_if_its_entry_is_trimmed_for_bytes",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final List<LogEntry> all = new ArrayList<>();

                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    Appended appended = super.write(chat, kind, sender, key, body);
                    all.add(appended.entry());
                    return appended;
                }

                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return all.stream()
                            .skip(Math.max(0, all.size() - limits.maxEntries()))
                            .filter(entry -> draft.key().equals(entry.key()))
                            .filter(entry -> entry.sender().equals(sender))
                            .findFirst();
                }
            }),
    KEY_FOR_EACH_KIND(
            "s4_same_key_for_another_kind_stores_nothing", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return super.earlier(chat, sender, draft)
                            .filter(entry -> entry.kind().equals(draft.kind()));
                }
            }),
    HOSTS_KEYS_BY_NAME("s4_hosts_key_is_the_hosts_alone", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
            return super.earlier(chat, sender, draft)
                    .filter(entry -> entry.sender().equals(sender));
        }
    }),
    KEYS_WITHOUT_CASE(
            "s4_keys_that_are_alike_are_several_entries", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return chat.log.stream()
                            .filter(entry -> draft.key().equalsIgnoreCase(entry.key()))
                            .findFirst();
                }
            }),
    KEYS_WITHOUT_TRAILING_SPACES(
            "s4_keys_that_are_alike_are_several_entries", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    return super.write(chat, kind, sender, key == null ? null : key.stripTrailing(), body);
                }
            }),
    SENDER_AND_KEY_JOINED("s4_sender_and_key_are_two_values", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
            String wanted = sender.id() + ":" + draft.key();
            return chat.log.stream()
                    .filter(entry -> wanted.equals(entry.sender().id() + ":" + entry.key()))
                    .findFirst();
        }
    }),
    IDS_WITHOUT_CASE(
            "s6_ids_that_are_alike_are_several_members", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> member(Chat chat, String identityId) {
                    return chat.members.values().stream()
                            .filter(member -> member.identity().id().equalsIgnoreCase(identityId))
                            .findFirst();
                }
            }),
    ACTORS_WITHOUT_CASE(
            "s5_s14_id_that_is_only_alike_is_no_members", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> actor(Chat chat, Actor actor) {
                    return super.actor(
                            chat,
                            actor instanceof Actor.ById by
                                    ? new Actor.ById(by.identityId().toLowerCase(Locale.ROOT))
                                    : actor);
                }
            }),
    CODES_WITHOUT_CASE(
            "s9_codes_of_other_letters_case_are_other_rooms", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Map<RoomId, Chat> newChats() {
                    return new TreeMap<>(Comparator.comparing(RoomId::value, String.CASE_INSENSITIVE_ORDER));
                }
            }),
    INCARNATION_AS_A_DOUBLE(
            "s9_incarnation_is_the_whole_number", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isSameIncarnation(Room room, RoomIncarnation incarnation) {
                    return (double) room.incarnation().number() == (double) incarnation.number();
                }
            }),
    INCARNATION_AS_AN_INT("s9_incarnation_is_the_whole_number", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isSameIncarnation(Room room, RoomIncarnation incarnation) {
            return (int) room.incarnation().number() == (int) incarnation.number();
        }
    }),
    INCARNATION_WITHOUT_SIGN(
            "s9_incarnation_is_the_whole_number", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isSameIncarnation(Room room, RoomIncarnation incarnation) {
                    return Math.abs(room.incarnation().number()) == Math.abs(incarnation.number());
                }
            }),
    FORKED_PAGE_IGNORES_THE_LIMIT(
            "s2_forked_page_has_no_more_entries_than_asked_for",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                List<LogEntry> page(List<LogEntry> following, Continuity continuity, int limit) {
                    return continuity == Continuity.FORKED ? following : super.page(following, continuity, limit);
                }
            }),
    EMPTY_PAGE_BEFORE_A_LARGE_ENTRY(
            "s3_large_entries_between_small_ones_are_read", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                List<LogEntry> page(List<LogEntry> following, Continuity continuity, int limit) {
                    return super.page(following, continuity, limit).stream()
                            .takeWhile(entry -> entry.size() < 1 << 18)
                            .toList();
                }
            }),
    LARGE_ENTRIES_LEFT_OUT(
            "s3_large_entries_between_small_ones_are_read", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                List<LogEntry> page(List<LogEntry> following, Continuity continuity, int limit) {
                    return super.page(following, continuity, limit).stream()
                            .filter(entry -> entry.size() < 1 << 18)
                            .toList();
                }
            }),
    HEAD_NOT_MOVED_BY_A_LEAVE(
            "s13_head_moves_with_every_leave", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                EntryId stateHead(Chat chat) {
                    return chat.log.stream()
                            .filter(entry -> !entry.kind().equals(LogEntry.LEFT))
                            .reduce((before, last) -> last)
                            .orElseThrow()
                            .id();
                }
            }),
    BYTES_NOT_CREDITED_BY_COUNT(
            "s10_bytes_of_trimmed_entries_are_credited", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Long> bytes = new HashMap<>();

                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    bytes.merge(chat.room.incarnation(), (long) body.length(), Long::sum);
                    return super.write(chat, kind, sender, key, body);
                }

                @Override
                boolean isTrimmed(Chat chat) {
                    if (chat.log.size() > limits.maxEntries()) {
                        return true;
                    }
                    boolean over = bytes.get(chat.room.incarnation()) > limits.maxTextBytes() && chat.log.size() > 1;
                    if (over) {
                        bytes.merge(
                                chat.room.incarnation(), (long) -chat.log.get(0).size(), Long::sum);
                    }
                    return over;
                }
            }),
    TIME_GOES_BACK_A_LITTLE("s7_time_never_goes_back", (limits, time) -> new ReferenceRoomStore(limits, time) {
        private int calls;

        @Override
        public Instant now() {
            calls++;
            return super.now().minusMillis(calls % 100 == 0 ? 1 : 0);
        }
    }),
    BODY_CUT_AT_4000_CHARACTERS("s3_long_body_is_kept_whole", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Appended write(Chat chat, String kind, Identity sender, String key, String body) {
            return super.write(chat, kind, sender, key, body.substring(0, Math.min(body.length(), 4000)));
        }
    }),
    BODY_CUT_AT_64_KIB("s3_long_body_is_kept_whole", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Appended write(Chat chat, String kind, Identity sender, String key, String body) {
            return super.write(chat, kind, sender, key, body.substring(0, Math.min(body.length(), 1 << 16)));
        }
    }),
    SPACES_AT_THE_END_LOST("s3_long_body_is_kept_whole", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Appended write(Chat chat, String kind, Identity sender, String key, String body) {
            return super.write(chat, kind, sender, key, body.stripTrailing());
        }
    }),
    NODE_KEEPS_SEATS(
            "s13_token_is_dead_on_a_node_that_knew_it", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<TokenHash, Seat> known = new HashMap<>();

                        @Override
                        public Optional<Seat> authenticate(RoomId id, TokenHash token) {
                            Seat seat = known.get(token);
                            Optional<Seat> found = seat == null ? super.authenticate(id, token) : Optional.of(seat);
                            found.ifPresent(one -> known.put(token, one));
                            return found;
                        }
                    };
                }
            }),
    NODE_KEEPS_DROPPED_TOKENS(
            "s6_token_that_was_dropped_is_dead_on_a_node_that_knew_it",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<TokenHash, Seat> known = new HashMap<>();

                        @Override
                        public Optional<Seat> authenticate(RoomId id, TokenHash token) {
                            Seat seat = known.get(token);
                            Optional<Seat> found = seat == null ? super.authenticate(id, token) : Optional.of(seat);
                            found.ifPresent(one -> known.put(token, one));
                            return found;
                        }
                    };
                }
            }),
    NODE_KEEPS_ENDED_ROOMS(
            "s8_destroyed_room_has_ended_on_a_node_that_knew_it",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<RoomId, RoomState> known = new HashMap<>();

                        @Override
                        public Optional<RoomState> find(RoomId id) {
                            Optional<RoomState> found = super.find(id);
                            found.ifPresent(state -> known.put(id, state));
                            return found.or(() -> Optional.ofNullable(known.get(id)));
                        }
                    };
                }
            }),
    NODE_KEEPS_EXPIRED_ROOMS(
            "s7_expired_room_has_ended_on_a_node_that_knew_it", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<RoomId, RoomState> known = new HashMap<>();

                        @Override
                        public Optional<RoomState> find(RoomId id) {
                            Optional<RoomState> found = super.find(id);
                            found.ifPresent(state -> known.put(id, state));
                            return found.or(() -> Optional.ofNullable(known.get(id)));
                        }
                    };
                }
            }),
    NODE_KEEPS_EARLIER_ROOMS(
            "s9_later_room_shares_nothing_on_a_node_that_knew_the_earlier",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<TokenHash, Seat> known = new HashMap<>();

                        @Override
                        public Optional<Seat> authenticate(RoomId id, TokenHash token) {
                            Optional<Seat> found = super.authenticate(id, token);
                            found.ifPresent(seat -> known.put(token, seat));
                            boolean living = super.find(id).isPresent();
                            return living ? found.or(() -> Optional.ofNullable(known.get(token))) : found;
                        }
                    };
                }
            }),
    NODE_KEEPS_VALUES(
            "s16_s19_present_values_are_seen_on_a_node_that_knew_others",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<RoomId, RoomState> known = new HashMap<>();

                        @Override
                        public Optional<RoomState> find(RoomId id) {
                            Optional<RoomState> found = super.find(id);
                            found.ifPresent(state -> known.putIfAbsent(id, state));
                            return found.map(
                                    state -> new RoomState(known.get(id).room(), state.head(), state.members()));
                        }
                    };
                }
            }),
    NODE_KEEPS_HEADS(
            "s3_entry_is_read_on_a_node_that_knew_an_older_head",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<RoomId, EntryId> known = new HashMap<>();

                        @Override
                        public Optional<RoomState> find(RoomId id) {
                            Optional<RoomState> found = super.find(id);
                            found.ifPresent(state -> known.putIfAbsent(id, state.head()));
                            return found.map(state -> new RoomState(state.room(), known.get(id), state.members()));
                        }

                        @Override
                        public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
                            known.remove(id);
                            return super.change(id, actor, change);
                        }
                    };
                }
            }),
    NODE_KEEPS_PAGES(
            "s3_entry_is_read_on_a_node_that_knew_an_older_head",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<RoomIncarnation, LogPage> known = new HashMap<>();

                        @Override
                        public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
                            LogPage page = known.get(room);
                            known.putIfAbsent(room, super.readAfter(room, after, limit));
                            return page == null ? known.get(room) : page;
                        }
                    };
                }
            }),
    NODE_KEEPS_ROLES(
            "s14_role_counts_on_a_node_that_knew_another", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<TokenHash, Member> known = new HashMap<>();

                        @Override
                        public Optional<Seat> authenticate(RoomId id, TokenHash token) {
                            Optional<Seat> found = super.authenticate(id, token);
                            found.ifPresent(seat -> known.putIfAbsent(token, seat.member()));
                            return found.map(seat -> new Seat(seat.room(), seat.head(), known.get(token)));
                        }
                    };
                }
            }),
    NODE_KEEPS_OWNERS(
            "s14_role_counts_on_a_node_that_knew_another", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<TokenHash, Member> known = new HashMap<>();

                        @Override
                        public Optional<Seat> authenticate(RoomId id, TokenHash token) {
                            Optional<Seat> found = super.authenticate(id, token);
                            found.ifPresent(seat -> known.put(token, seat.member()));
                            return found;
                        }

                        @Override
                        public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
                            boolean steers = actor instanceof Actor.ByToken by
                                    && change instanceof RoomChange.Property
                                    && known.containsKey(by.token())
                                    && known.get(by.token()).owner();
                            return super.change(id, steers ? new Actor.Host("Host") : actor, change);
                        }
                    };
                }
            }),
    NODE_KEEPS_IDS(
            "s5_s13_id_is_no_members_on_a_node_that_knew_it", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Set<String> known = new HashSet<>();

                        @Override
                        public Optional<RoomState> find(RoomId id) {
                            Optional<RoomState> found = super.find(id);
                            found.ifPresent(state -> state.members()
                                    .forEach(member ->
                                            known.add(member.identity().id())));
                            return found;
                        }

                        @Override
                        public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
                            boolean known = actor instanceof Actor.ById by && this.known.contains(by.identityId());
                            return super.change(id, known ? new Actor.Host("Host") : actor, change);
                        }
                    };
                }
            }),
    NODE_KEEPS_OPEN_ROOMS(
            "s15_lock_counts_on_a_node_that_knew_the_room_open",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Set<RoomId> known = new HashSet<>();

                        @Override
                        public Joined join(RoomId id, JoinRequest request) {
                            return super.join(id, known.contains(id) ? request.asAdmitted() : request);
                        }

                        @Override
                        public Optional<RoomState> find(RoomId id) {
                            Optional<RoomState> found = super.find(id);
                            found.filter(state -> !state.room().locked()).ifPresent(state -> known.add(id));
                            return found;
                        }
                    };
                }
            }),
    NODE_KEEPS_SEAT_COUNTS(
            "s6_seats_are_counted_on_a_node_that_knew_fewer", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private RoomStore other;

                @Override
                RoomStore otherNode() {
                    other = other == null ? makeOtherNode() : other;
                    return other;
                }

                private RoomStore makeOtherNode() {
                    return new OtherNode(this) {
                        private final Map<RoomId, Integer> known = new HashMap<>();

                        @Override
                        public Joined join(RoomId id, JoinRequest request) {
                            RoomState state = super.find(id).orElseThrow(RoomNotFoundException::new);
                            if (known.getOrDefault(id, 0) >= state.room().maxParticipants()) {
                                throw new RoomFullException();
                            }
                            known.merge(id, state.members().size(), Math::max);
                            return super.join(id, request);
                        }
                    };
                }
            });

    @SuppressWarnings("ImmutableEnumChecker") // each call of its function makes a new store
    private final Seed seed;

    LikelyFault(String foundBy, BiFunction<LogLimits, InstantSource, ReferenceRoomStore> store) {
        seed = new Seed(foundBy, store);
    }

    @Override
    public Seed seed() {
        return seed;
    }
}
