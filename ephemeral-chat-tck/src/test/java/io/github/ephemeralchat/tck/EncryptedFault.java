package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Stores with one fault each in a room's rules, in encrypted rooms, and in how tokens are told from each other. */
enum EncryptedFault implements SeededFault {
    RULES_FORGOTTEN(
            "s3_room_keeps_the_rules_that_it_was_created_with", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Room view(Chat chat) {
                    return chat.room.withRules(
                            RoomRules.plain(chat.room.maxParticipants(), chat.room.ownerOnlyDestroy()));
                }
            }),
    LIFE_OF_MESSAGES_FORGOTTEN(
            "s3_room_keeps_the_rules_that_it_was_created_with", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Room view(Chat chat) {
                    return chat.room.withRules(chat.room.rules().withMessageTtl(null));
                }
            }),
    SIGNALS_SWAPPED(
            "s3_room_keeps_the_rules_that_it_was_created_with", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Room view(Chat chat) {
                    RoomRules rules = chat.room.rules();
                    return chat.room.withRules(rules.withSignals(
                            /* tellsTyping= */ rules.presence(), /* tellsPresence= */ rules.typing()));
                }
            }),
    NAME_OF_THE_OWNER_SHOWN(
            "s21_owner_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Identity identityIn(Chat chat, JoinRequest request) {
                    return chat.members.isEmpty() ? request.identity() : super.identityIn(chat, request);
                }
            }),
    NAME_SHOWN("s21_new_seat_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Identity identityIn(Chat chat, JoinRequest request) {
            return chat.members.isEmpty() ? super.identityIn(chat, request) : request.identity();
        }
    }),
    HANDLE_SHOWN_IN_A_PLAIN_ROOM(
            "s21_name_is_shown_in_a_plain_room", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Identity identityIn(Chat chat, JoinRequest request) {
                    return new Identity(request.identity().id(), request.handle());
                }
            }),
    PROFILE_NOT_KEPT(
            "s21_new_seat_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                String keptProfile(Chat chat, JoinRequest request) {
                    return null;
                }
            }),
    PROFILE_NOT_TOLD(
            "s21_new_seat_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                String toldProfile(Chat chat, JoinRequest request) {
                    return null;
                }
            }),
    PROFILE_OF_THE_OWNER_NOT_KEPT(
            "s21_owner_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                String keptProfile(Chat chat, JoinRequest request) {
                    return chat.members.isEmpty() ? null : request.profile();
                }
            }),
    PROFILE_OF_THE_OWNER_NOT_TOLD(
            "s21_owner_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                String toldProfile(Chat chat, JoinRequest request) {
                    return chat.members.isEmpty() ? null : request.profile();
                }
            }),
    LONG_PROFILE_CUT(
            "s21_new_seat_has_its_handle_and_its_profile", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                String keptProfile(Chat chat, JoinRequest request) {
                    String profile = request.profile();
                    return profile == null ? null : profile.substring(0, Math.min(255, profile.length()));
                }
            }),
    PROFILE_LOST_WITH_A_ROLE(
            "s21_profile_outlives_a_change_of_role", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void setRole(Chat chat, Member member, Role role) {
                    chat.members.put(
                            member.identity().id(), new Member(member.identity(), member.joinedSequence(), role));
                }
            }),
    PROFILE_STAYS_BEHIND("s21_profile_leaves_with_its_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
        private final Map<String, String> profiles = new HashMap<>();

        @Override
        String keptProfile(Chat chat, JoinRequest request) {
            return profiles.merge(
                    request.identity().id(), Objects.requireNonNullElse(request.profile(), ""), (a, b) -> a);
        }
    }),
    PROFILE_OF_THE_ONE_BEFORE(
            "s21_profile_of_one_is_not_anothers", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private String last;

                @Override
                String keptProfile(Chat chat, JoinRequest request) {
                    last = request.profile() == null ? last : request.profile();
                    return last;
                }
            }),
    PROFILE_TAKEN_IN_A_PLAIN_ROOM(
            "s21_profile_is_refused_in_a_plain_room", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isProfileRefused(Chat chat, JoinRequest request) {
                    return false;
                }
            }),
    PLAIN_TEXT_TAKEN(
            "s21_plain_text_is_refused_in_an_encrypted_room", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean fits(Chat chat, Draft draft) {
                    return !chat.room.encrypted() ? super.fits(chat, draft) : true;
                }
            }),
    OPAQUE_TEXT_TAKEN(
            "s21_opaque_text_is_refused_in_a_plain_room", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean fits(Chat chat, Draft draft) {
                    return chat.room.encrypted() ? super.fits(chat, draft) : true;
                }
            }),
    TEXT_FOR_BOTH_REFUSED(
            "s21_plain_text_is_refused_in_an_encrypted_room", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean fits(Chat chat, Draft draft) {
                    return Boolean.valueOf(chat.room.encrypted()).equals(draft.encrypted());
                }
            }),
    PROOF_TAKEN_FROM_AN_ENCRYPTED_ROOM(
            "s21_encrypted_room_always_asks_for_a_proof", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isProofNeeded(Chat chat) {
                    return false;
                }
            }),
    WRONG_PROOFS_COUNTED_IN_AN_ENCRYPTED_ROOM(
            "s15_wrong_proofs_are_not_counted_in_an_encrypted_room",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isCounted(Chat chat, TokenHash proof) {
                    return proof != null;
                }
            }),
    REFUSAL_SAYS_PLAIN(
            "s15_whoever_is_refused_learns_whether_the_room_is_encrypted",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isToldEncrypted(Chat chat) {
                    return false;
                }
            }),
    FIRST_CANDIDATE_ALONE(
            "s5_each_candidate_that_is_a_token_is_told_from_the_others",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                public synchronized List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
                    return super.authenticate(id, candidates.subList(0, 1));
                }
            }),
    CANDIDATES_OUT_OF_ORDER(
            "s5_each_candidate_that_is_a_token_is_told_from_the_others",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                public synchronized List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
                    List<Authenticated> found = new ArrayList<>(super.authenticate(id, candidates));
                    Collections.reverse(found);
                    return found;
                }
            }),
    WRONG_CANDIDATE_NAMED(
            "s5_each_candidate_that_is_a_token_is_told_from_the_others",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                public synchronized List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
                    return super.authenticate(id, candidates).stream()
                            .map(found -> new Authenticated(candidates.get(0), found.seat()))
                            .toList();
                }
            });

    @SuppressWarnings("ImmutableEnumChecker") // each call of its function makes a new store
    private final Seed seed;

    EncryptedFault(String foundBy, BiFunction<LogLimits, InstantSource, ReferenceRoomStore> store) {
        seed = new Seed(foundBy, store);
    }

    @Override
    public Seed seed() {
        return seed;
    }
}
