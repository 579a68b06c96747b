package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
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
import java.util.function.BiFunction;

/** Stores with one fault each in what changes a room: seats, roles, admission, ends and properties. */
enum SteeringFault implements SeededFault {
    TOKEN_OF_ANOTHER_MOVED(
            "s6_named_identity_does_not_get_anothers_token", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    if (request.named()) {
                        chat.tokens.remove(request.token());
                    }
                    return super.present(chat, request);
                }
            }),
    TOKEN_OF_ANOTHER_FINDS_ITS_SEAT(
            "s6_named_identity_does_not_get_anothers_token", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isSeatOf(Member member, Identity identity) {
                    return true;
                }
            }),
    OWN_TOKEN_NOT_LOOKED_FOR(
            "s6_own_token_joined_again_changes_nothing", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    return member(chat, request.identity().id());
                }
            }),
    TOKEN_RENEWED_BY_ITS_JOIN(
            "s6_own_token_joined_again_stays_as_old_as_it_is", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void addToken(Chat chat, Identity identity, TokenHash token) {
                    chat.tokens.remove(token);
                    super.addToken(chat, identity, token);
                }
            }),
    SEAT_SOUGHT_TOO_EARLY(
            "s1_s6_same_token_at_once_takes_one_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    Optional<Member> present = super.present(chat, request);
                    SeededFault.letOthersIn(this);
                    return present;
                }
            }),
    SEAT_THAT_IS_THERE_JUDGED(
            "s6_s15_seat_that_is_there_is_returned_in_spite_of_all",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    judgeLock(chat);
                    if (chat.proof != null) {
                        judgeWaiting(chat);
                    }
                    return super.present(chat, request);
                }
            }),
    READER_DESTROYS("s8_all_but_readers_destroy", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isAllowedToDestroy(Chat chat, Member member) {
            return member.owner() || !chat.room.ownerOnlyDestroy();
        }
    }),
    OWNER_ONLY_IGNORED(
            "s8_owner_and_host_destroy_where_only_the_owner_may",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowedToDestroy(Chat chat, Member member) {
                    return member.role() != Role.READER;
                }
            }),
    OWNER_ONLY_ALWAYS("s8_all_but_readers_destroy", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isAllowedToDestroy(Chat chat, Member member) {
            return member.owner();
        }
    }),
    RIGHT_TO_DESTROY_JUDGED_TOO_EARLY(
            "s1_s8_former_owner_does_not_destroy_what_it_has_handed_over",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowedToDestroy(Chat chat, Member member) {
                    boolean allowed = super.isAllowedToDestroy(chat, member);
                    SeededFault.letOthersIn(this);
                    return allowed;
                }
            }),
    EVERY_RACER_DESTROYED_IT(
            "s1_s8_one_of_many_destroys_says_that_the_room_lived",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void remove(Chat chat) {
                    SeededFault.letOthersIn(this);
                    super.remove(chat);
                }
            }),
    HEIR_IS_THE_YOUNGEST(
            "s13_heir_is_who_joined_first_of_many", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> heir(Chat chat) {
                    return chat.members.values().stream().max(Comparator.comparing(Member::joinedSequence));
                }
            }),
    HEIR_IS_A_READER("s13_heir_is_the_first_that_is_no_reader", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Optional<Member> heir(Chat chat) {
            return chat.members.values().stream().min(Comparator.comparing(Member::joinedSequence));
        }
    }),
    READERS_HAVE_NO_HEIR(
            "s13_heir_of_readers_is_the_first_of_them", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> heir(Chat chat) {
                    return super.heir(chat).filter(heir -> heir.role() != Role.READER);
                }
            }),
    FORMER_OWNER_STAYS("s13_owner_hands_the_room_over", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void setRole(Chat chat, Member member, Role role) {
            if (!member.owner()) {
                super.setRole(chat, member, role);
            }
        }
    }),
    FIRST_IS_OWNER_AFTER_EACH_LEAVE(
            "s13_leave_of_another_than_the_owner_moves_no_role",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Appended> leave(Chat chat, String identityId) {
                    Optional<Appended> left = super.leave(chat, identityId);
                    chat.members.replaceAll((id, member) -> member.withRole(Role.MEMBER));
                    super.heir(chat).ifPresent(heir -> setRole(chat, heir, Role.OWNER));
                    return left;
                }
            }),
    OWNER_DEMOTED(
            "s13_owners_own_role_changes_by_naming_another_only",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Appended> assign(Chat chat, Identity by, RoomChange.Assign assign) {
                    member(chat, assign.identityId())
                            .filter(member -> member.owner() && assign.role() == Role.MEMBER)
                            .ifPresent(owner -> setRole(chat, owner, Role.READER));
                    return super.assign(chat, by, assign);
                }
            }),
    ROLE_OUTLIVES_ITS_SEAT("s13_role_ends_with_its_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
        private final Map<String, Role> given = new HashMap<>();

        @Override
        Role roleOfNext(Chat chat, Identity identity) {
            return given.getOrDefault(identity.id(), super.roleOfNext(chat, identity));
        }

        @Override
        void setRole(Chat chat, Member member, Role role) {
            given.put(member.identity().id(), role);
            super.setRole(chat, member, role);
        }
    }),
    NEXT_OF_AN_EMPTY_ROOM_IS_A_MEMBER(
            "s13_room_that_all_have_left_waits_for_its_next_owner",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Role roleOfNext(Chat chat, Identity identity) {
                    return chat.log.isEmpty() ? Role.OWNER : Role.MEMBER;
                }
            }),
    ROLE_OF_A_TOKEN(
            "s13_s14_role_counts_for_every_token_of_its_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<TokenHash, Role> roles = new HashMap<>();

                @Override
                void addToken(Chat chat, Identity identity, TokenHash token) {
                    super.addToken(chat, identity, token);
                    roles.put(token, chat.members.get(identity.id()).role());
                }

                @Override
                Optional<Member> member(Chat chat, TokenHash token) {
                    return super.member(chat, token).map(member -> member.withRole(roles.get(token)));
                }
            }),
    ROLE_GIVEN_TO_NOBODY(
            "s13_nobody_without_a_seat_is_given_a_role", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Appended> assign(Chat chat, Identity by, RoomChange.Assign assign) {
                    boolean present = chat.members.containsKey(assign.identityId());
                    return present ? super.assign(chat, by, assign) : Optional.empty();
                }
            }),
    ROLE_GIVEN_AGAIN(
            "s13_role_that_a_seat_has_is_not_given_again", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Appended> assign(Chat chat, Identity by, RoomChange.Assign assign) {
                    return super.assign(chat, by, assign)
                            .or(() -> Optional.of(write(chat, LogEntry.ROLE, by, null, "")));
                }
            }),
    TWO_OWNERS_AT_ONCE(
            "s1_s13_owners_named_at_once_are_one_in_the_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void setRole(Chat chat, Member member, Role role) {
                    if (role == Role.OWNER) {
                        SeededFault.letOthersIn(this);
                    }
                    super.setRole(chat, member, role);
                }
            }),
    HEIR_FOUND_TOO_EARLY(
            "s1_s13_owners_that_leave_at_once_leave_one_owner", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> heir(Chat chat) {
                    Optional<Member> heir = super.heir(chat);
                    SeededFault.letOthersIn(this);
                    return heir;
                }
            }),
    READER_POSTS("s14_all_but_readers_post", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isAllowed(Chat chat, Member member, RoomChange change) {
            return change instanceof RoomChange.Post || super.isAllowed(chat, member, change);
        }
    }),
    READER_POSTS_UNKNOWN_KINDS("s14_all_but_readers_post", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isAllowed(Chat chat, Member member, RoomChange change) {
            boolean unknown = change instanceof RoomChange.Post post
                    && post.draft().kind().startsWith("x-");
            return unknown || super.isAllowed(chat, member, change);
        }
    }),
    DEADLINE_MOVED_BY_ANYBODY(
            "s14_owner_and_host_move_the_deadline", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    return change instanceof RoomChange.Deadline || super.isAllowed(chat, member, change);
                }
            }),
    ADMISSION_CHANGED_BY_ANYBODY(
            "s14_owner_and_host_change_the_admission", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    return change instanceof RoomChange.Admission || super.isAllowed(chat, member, change);
                }
            }),
    ROLES_GIVEN_BY_ANYBODY("s14_owner_and_host_give_roles", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isAllowed(Chat chat, Member member, RoomChange change) {
            return change instanceof RoomChange.Assign || super.isAllowed(chat, member, change);
        }
    }),
    PROPERTIES_SET_BY_ANYBODY(
            "s14_owner_and_host_set_properties", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    return change instanceof RoomChange.Property || super.isAllowed(chat, member, change);
                }
            }),
    SEATS_FREED_BY_ANYBODY(
            "s14_owner_and_host_free_others_seats", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    return change instanceof RoomChange.Leave || super.isAllowed(chat, member, change);
                }
            }),
    READER_MAY_NOT_LEAVE("s14_every_member_frees_its_own_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isAllowed(Chat chat, Member member, RoomChange change) {
            return member.role() != Role.READER && super.isAllowed(chat, member, change);
        }
    }),
    OWN_ID_TAKEN_FOR_ANOTHERS(
            "s14_every_member_frees_its_own_seat", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    boolean named = change instanceof RoomChange.Leave leave && leave.identityId() != null;
                    return named ? member.owner() : super.isAllowed(chat, member, change);
                }
            }),
    OWNER_FREES_ITS_OWN_SEAT_ONLY(
            "s14_owner_and_host_free_others_seats", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    boolean others = change instanceof RoomChange.Leave leave
                            && leave.identityId() != null
                            && !leave.identityId().equals(member.identity().id());
                    return !others && super.isAllowed(chat, member, change);
                }
            }),
    WHOM_THE_HOST_NAMES_MAY_ALL(
            "s14_owner_and_host_set_properties", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> actor(Chat chat, Actor actor) {
                    Optional<Member> member = super.actor(chat, actor);
                    return actor instanceof Actor.ById ? member.map(one -> one.withRole(Role.OWNER)) : member;
                }
            }),
    ROLE_JUDGED_TOO_EARLY(
            "s1_s14_nothing_of_a_member_comes_after_it_became_a_reader",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isAllowed(Chat chat, Member member, RoomChange change) {
                    boolean allowed = super.isAllowed(chat, member, change);
                    SeededFault.letOthersIn(this);
                    return allowed;
                }
            }),
    HOSTS_ENTRIES_ARE_THE_OWNERS(
            "s14_change_by_the_host_is_the_hosts_entry", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    Identity owner = chat.members.values().stream()
                            .filter(Member::owner)
                            .map(Member::identity)
                            .findFirst()
                            .orElse(sender);
                    return super.write(chat, kind, sender.id().equals(Identity.HOST_ID) ? owner : sender, key, body);
                }
            }),
    ENTRIES_OF_NAMED_MEMBERS_ARE_THE_HOSTS(
            "s14_change_by_a_member_whom_the_host_names_is_its_own_entry",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private boolean byId;

                @Override
                Optional<Member> actor(Chat chat, Actor actor) {
                    byId = actor instanceof Actor.ById;
                    return super.actor(chat, actor);
                }

                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    return super.write(chat, kind, byId ? new Identity(Identity.HOST_ID, "Host") : sender, key, body);
                }
            }),
    BODY_OF_ANOTHER_FORM(
            "s14_change_by_a_member_is_its_own_entry", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    String seconds = body.replaceFirst("000$", "");
                    return super.write(chat, kind, sender, key, kind.equals(LogEntry.DEADLINE) ? seconds : body);
                }
            }),
    LOCK_IGNORED("s15_locked_room_takes_nobody_new", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void judgeLock(Chat chat) {}
    }),
    FIRST_LOCK_IGNORED(
            "s15_room_may_be_locked_from_its_beginning", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void judgeLock(Chat chat) {
                    if (chat.log.size() > 1) {
                        super.judgeLock(chat);
                    }
                }
            }),
    PROOF_IGNORED("s15_new_seat_needs_the_proof", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void judgeProof(Chat chat, TokenHash proof) {}
    }),
    MISSING_PROOF_IS_RIGHT("s15_new_seat_needs_the_proof", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void judgeProof(Chat chat, TokenHash proof) {
            if (proof != null) {
                super.judgeProof(chat, proof);
            }
        }
    }),
    REPLACED_PROOF_KEPT(
            "s15_proof_that_was_replaced_is_a_wrong_one", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void changeProof(Chat chat, ProofChange change) {
                    if (chat.proof == null || change instanceof ProofChange.Remove) {
                        super.changeProof(chat, change);
                    }
                }
            }),
    REMOVED_PROOF_KEPT("s15_removed_proof_is_needed_no_more", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void changeProof(Chat chat, ProofChange change) {
            if (change instanceof ProofChange.Replace) {
                super.changeProof(chat, change);
            }
        }
    }),
    LATER_PROOF_IGNORED("s15_proof_may_be_asked_for_later", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void changeProof(Chat chat, ProofChange change) {
            if (chat.proof != null) {
                super.changeProof(chat, change);
            }
        }
    }),
    LOCK_REMOVES_THE_PROOF(
            "s15_lock_and_proof_change_apart_from_each_other", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void changeProof(Chat chat, ProofChange change) {
                    super.changeProof(chat, change instanceof ProofChange.Keep ? new ProofChange.Remove() : change);
                }
            }),
    MISSING_PROOF_COUNTED("s15_missing_proof_is_not_counted", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isCounted(Chat chat, TokenHash proof) {
            return true;
        }
    }),
    ONE_FREE_PROOF_TOO_FEW("s15_ten_wrong_proofs_cost_no_time", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void countWrong(Chat chat) {
            super.countWrong(chat);
            if (chat.wrongInRow == FREE_WRONG_PROOFS) {
                chat.waitUntil = stepTime.plusSeconds(1);
            }
        }
    }),
    ONE_FREE_PROOF_TOO_MANY(
            "s15_eleventh_wrong_proof_makes_new_seats_wait_a_second",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void countWrong(Chat chat) {
                    super.countWrong(chat);
                    if (chat.wrongInRow == FREE_WRONG_PROOFS + 1) {
                        chat.waitUntil = Instant.MIN;
                    }
                }
            }),
    WRONG_PROOFS_FREE(
            "s15_eleventh_wrong_proof_makes_new_seats_wait_a_second",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isCounted(Chat chat, TokenHash proof) {
                    return false;
                }
            }),
    WAITING_NEVER_DOUBLES("s15_waiting_doubles_to_a_minute", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        long waitSeconds(int beyond) {
            return 1;
        }
    }),
    WAITING_WITHOUT_BOUND("s15_waiting_doubles_to_a_minute", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        long waitSeconds(int beyond) {
            return 1L << Math.min(beyond - 1, 10);
        }
    }),
    WAITING_BEGINS_ANEW("s15_waiting_doubles_to_a_minute", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        long waitSeconds(int beyond) {
            return Math.max(1, Math.min(60, 1L << (beyond - 1)));
        }
    }),
    JUDGED_WHILE_NEW_SEATS_WAIT(
            "s15_proofs_brought_while_new_seats_wait_are_not_judged",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void admit(Chat chat, JoinRequest request) {
                    if (chat.proof != null && request.proof() != null && !chat.proof.equals(request.proof())) {
                        countWrong(chat);
                    }
                    super.admit(chat, request);
                }
            }),
    RIGHT_PROOF_ENDS_NO_ROW("s15_right_proof_ends_the_row", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void rightProof(Chat chat) {}
    }),
    ROW_ENDED_BY_A_SEAT_ONLY(
            "s15_right_proof_ends_the_row_of_a_full_room_too", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void rightProof(Chat chat) {
                    if (!isFull(chat)) {
                        super.rightProof(chat);
                    }
                }
            }),
    ADMISSION_ENDS_NO_ROW(
            "s15_change_of_admission_ends_the_row", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void admissionChanged(Chat chat) {}
            }),
    LOCK_ENDS_NO_ROW("s15_lock_and_unlock_end_the_row", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void admissionChanged(Chat chat) {}
    }),
    ROW_ENDED_BY_A_SEAT_THAT_COMES_BACK(
            "s15_seat_that_comes_back_ends_no_row", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    Optional<Member> present = super.present(chat, request);
                    present.ifPresent(member -> endRow(chat));
                    return present;
                }
            }),
    PROOF_OF_A_SEAT_THAT_COMES_BACK_COUNTED(
            "s15_wrong_proof_of_a_seat_that_comes_back_is_not_counted",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    if (request.proof() != null && !request.proof().equals(chat.proof)) {
                        countWrong(chat);
                    }
                    return super.present(chat, request);
                }
            }),
    ADMITTED_WAITS(
            "s15_admitted_request_passes_lock_and_proof_and_waiting",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isFull(Chat chat) {
                    judgeWaiting(chat);
                    return super.isFull(chat);
                }
            }),
    ADMITTED_IS_LOCKED_OUT(
            "s15_admitted_request_passes_lock_and_proof_and_waiting",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isFull(Chat chat) {
                    judgeLock(chat);
                    return super.isFull(chat);
                }
            }),
    ADMITTED_PASSES_THE_NUMBER_OF_SEATS(
            "s15_admitted_request_does_not_pass_the_number_of_seats",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private boolean admitted;

                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    admitted = request.admitted();
                    return super.present(chat, request);
                }

                @Override
                boolean isFull(Chat chat) {
                    return !admitted && super.isFull(chat);
                }
            }),
    PROOF_OF_ADMITTED_COUNTED(
            "s15_proof_of_an_admitted_request_is_not_judged", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Optional<Member> present(Chat chat, JoinRequest request) {
                    if (request.admitted() && request.proof() != null) {
                        countWrong(chat);
                    }
                    return super.present(chat, request);
                }
            }),
    PROOF_LOOKED_AT_BEFORE_THE_LOCK(
            "s15_lock_is_looked_at_before_proof_and_seats", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void admit(Chat chat, JoinRequest request) {
                    if (chat.proof != null) {
                        judgeProof(chat, request.proof());
                    }
                    super.admit(chat, request);
                }
            }),
    SEATS_LOOKED_AT_FIRST(
            "s15_waiting_and_proof_are_looked_at_before_seats", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void admit(Chat chat, JoinRequest request) {
                    if (isFull(chat)) {
                        throw new RoomFullException();
                    }
                    super.admit(chat, request);
                }
            }),
    ROW_OUTLIVES_THE_ROOM(
            "s15_wrong_proofs_of_one_room_are_not_anothers", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomId, Integer> rows = new HashMap<>();

                @Override
                void countWrong(Chat chat) {
                    rows.merge(chat.room.id(), 1, Integer::sum);
                    chat.wrongInRow = rows.get(chat.room.id()) - 1;
                    super.countWrong(chat);
                }
            }),
    WRONG_PROOFS_COUNTED_TOO_EARLY(
            "s1_s15_wrong_proofs_at_once_are_all_counted", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void countWrong(Chat chat) {
                    int before = chat.wrongInRow;
                    SeededFault.letOthersIn(this);
                    chat.wrongInRow = before;
                    super.countWrong(chat);
                }
            }),
    WRONG_PROOFS_COUNTED_ON_EACH_NODE(
            "s15_wrong_proofs_are_counted_over_all_nodes", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private boolean there;
                private final Map<Boolean, Integer> rows = new HashMap<>();

                @Override
                void countWrong(Chat chat) {
                    rows.merge(there, 1, Integer::sum);
                    chat.wrongInRow = rows.get(there) - 1;
                    super.countWrong(chat);
                }

                @Override
                RoomStore otherNode() {
                    ReferenceRoomStore here = this;
                    return new OtherNode(here) {
                        @Override
                        public Joined join(RoomId id, JoinRequest request) {
                            there = true;
                            try {
                                return super.join(id, request);
                            } finally {
                                there = false;
                            }
                        }
                    };
                }
            }),
    LOCK_JUDGED_TOO_EARLY(
            "s1_s15_nobody_comes_in_after_the_lock", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void judgeLock(Chat chat) {
                    super.judgeLock(chat);
                    SeededFault.letOthersIn(this);
                }
            }),
    SAME_ADMISSION_STORED(
            "s15_admission_that_changes_nothing_stores_nothing",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void admissionChanged(Chat chat) {
                    super.admissionChanged(chat);
                    chat.room = chat.room.withAdmission(!chat.room.locked(), chat.room.proofRequired());
                }
            }),
    END_MOVES_LATER_ONLY("s16_end_moves_earlier", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void moveEnd(Chat chat, Instant deadline) {
            if (deadline.isAfter(chat.room.expiresAt())) {
                super.moveEnd(chat, deadline);
            }
        }
    }),
    END_MOVES_EARLIER_ONLY("s16_end_moves_later", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        void moveEnd(Chat chat, Instant deadline) {
            if (deadline.isBefore(chat.room.expiresAt())) {
                super.moveEnd(chat, deadline);
            }
        }
    }),
    SAME_END_STORED("s16_same_end_again_changes_nothing", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isSameEnd(Room room, Instant deadline) {
            return false;
        }
    }),
    END_TOO_SOON("s16_end_is_a_minute_from_now_or_later", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isTooSoon(Instant deadline) {
            return super.isTooSoon(deadline.plusMillis(1));
        }
    }),
    END_NOT_SOON_ENOUGH(
            "s16_end_is_a_minute_from_now_or_later", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooSoon(Instant deadline) {
                    return super.isTooSoon(deadline.minusMillis(1));
                }
            }),
    END_CUT_TO_THE_LATEST("s16_end_is_the_latest_end_at_most", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isBeyondLatestEnd(Room room, Instant deadline) {
            return false;
        }

        @Override
        void moveEnd(Chat chat, Instant deadline) {
            Instant latest = chat.room.latestExpiresAt();
            super.moveEnd(chat, deadline.isAfter(latest) ? latest : deadline);
        }
    }),
    LATEST_END_EXCLUDED("s16_end_is_the_latest_end_at_most", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isBeyondLatestEnd(Room room, Instant deadline) {
            return !deadline.isBefore(room.latestExpiresAt());
        }
    }),
    LATEST_END_MOVES_TOO(
            "s16_earlier_end_takes_nothing_from_the_latest_end",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                void moveEnd(Chat chat, Instant deadline) {
                    super.moveEnd(chat, deadline);
                    chat.room = chat.room.withLatestExpiresAt(deadline);
                }
            }),
    TOO_LATE_IGNORED(
            "s16_end_moves_no_more_with_less_than_a_minute_left",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooLate(Room room) {
                    return false;
                }
            }),
    TOO_LATE_A_MOMENT_LATE(
            "s16_end_moves_no_more_with_less_than_a_minute_left",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooLate(Room room) {
                    return room.expiresAt()
                            .isBefore(
                                    stepTime.plus(RoomChange.Deadline.MIN_LEFT).minusMillis(1));
                }
            }),
    TOO_LATE_A_MOMENT_EARLY(
            "s16_end_moves_while_a_minute_is_left", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooLate(Room room) {
                    return !room.expiresAt().isAfter(stepTime.plus(RoomChange.Deadline.MIN_LEFT));
                }
            }),
    OLD_END_STILL_ENDS_THE_ROOM(
            "s16_all_parts_of_a_room_take_the_new_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Instant> firstEnds = new HashMap<>();

                @Override
                public synchronized boolean create(Room room, JoinRequest owner) {
                    firstEnds.put(room.incarnation(), room.expiresAt());
                    return super.create(room, owner);
                }

                @Override
                boolean hasEnded(Room room) {
                    Instant first = firstEnds.getOrDefault(room.incarnation(), Instant.MAX);
                    return super.hasEnded(room) || !stepTime.isBefore(first);
                }
            }),
    SEATS_END_AT_THE_OLD_END(
            "s16_all_parts_of_a_room_take_the_new_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Instant> firstEnds = new HashMap<>();

                @Override
                public synchronized boolean create(Room room, JoinRequest owner) {
                    firstEnds.put(room.incarnation(), room.expiresAt());
                    return super.create(room, owner);
                }

                @Override
                Optional<Member> member(Chat chat, TokenHash token) {
                    return super.member(chat, token)
                            .filter(member -> stepTime.isBefore(firstEnds.get(chat.room.incarnation())));
                }
            }),
    KEYS_END_AT_THE_OLD_END(
            "s16_all_parts_of_a_room_take_the_new_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Instant> firstEnds = new HashMap<>();

                @Override
                public synchronized boolean create(Room room, JoinRequest owner) {
                    firstEnds.put(room.incarnation(), room.expiresAt());
                    return super.create(room, owner);
                }

                @Override
                Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
                    return super.earlier(chat, sender, draft)
                            .filter(entry -> stepTime.isBefore(firstEnds.get(chat.room.incarnation())));
                }
            }),
    PROPERTIES_END_AT_THE_OLD_END(
            "s16_all_parts_of_a_room_take_the_new_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Instant> firstEnds = new HashMap<>();

                @Override
                public synchronized boolean create(Room room, JoinRequest owner) {
                    firstEnds.put(room.incarnation(), room.expiresAt());
                    return super.create(room, owner);
                }

                @Override
                Room view(Chat chat) {
                    boolean before = stepTime.isBefore(firstEnds.get(chat.room.incarnation()));
                    return before ? chat.room : chat.room.withProperties(Map.of());
                }
            }),
    EARLIER_END_DOES_NOT_END_THE_ROOM(
            "s16_all_parts_of_a_room_take_the_new_end", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Map<RoomIncarnation, Instant> firstEnds = new HashMap<>();

                @Override
                public synchronized boolean create(Room room, JoinRequest owner) {
                    firstEnds.put(room.incarnation(), room.expiresAt());
                    return super.create(room, owner);
                }

                @Override
                boolean hasEnded(Room room) {
                    Instant first = firstEnds.getOrDefault(room.incarnation(), Instant.MIN);
                    return super.hasEnded(room) && !stepTime.isBefore(first);
                }
            }),
    NEW_END_DOES_NOT_END_THE_ROOM(
            "s16_room_ends_at_the_end_that_was_moved_later", (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final Set<RoomIncarnation> moved = new HashSet<>();

                @Override
                void moveEnd(Chat chat, Instant deadline) {
                    super.moveEnd(chat, deadline);
                    moved.add(chat.room.incarnation());
                }

                @Override
                boolean hasEnded(Room room) {
                    return super.hasEnded(room) && !moved.contains(room.incarnation());
                }
            }),
    MOVED_ROOMS_HELD(
            "s8_s16_destroyed_room_leaves_nothing_wherever_its_end_was_moved",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                private final List<Chat> byOldEnd = new ArrayList<>();

                @Override
                void moveEnd(Chat chat, Instant deadline) {
                    super.moveEnd(chat, deadline);
                    byOldEnd.add(chat);
                }
            }),
    SEVENTEEN_PROPERTIES("s19_seventeenth_property_is_refused", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isTooMuch(Map<String, String> properties) {
            return properties.size() != Room.MAX_PROPERTIES + 1 && super.isTooMuch(properties);
        }
    }),
    FIFTEEN_PROPERTIES("s19_seventeenth_property_is_refused", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        boolean isTooMuch(Map<String, String> properties) {
            return properties.size() >= Room.MAX_PROPERTIES || super.isTooMuch(properties);
        }
    }),
    PROPERTIES_COUNTED_IN_CHARACTERS(
            "s19_properties_have_4096_bytes_of_utf8_in_all", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooMuch(Map<String, String> properties) {
                    int characters = properties.entrySet().stream()
                            .mapToInt(each ->
                                    each.getKey().length() + each.getValue().length())
                            .sum();
                    return properties.size() > Room.MAX_PROPERTIES || characters > Room.MAX_PROPERTY_BYTES;
                }
            }),
    NAMES_NOT_COUNTED(
            "s19_properties_have_4096_bytes_of_utf8_in_all", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooMuch(Map<String, String> properties) {
                    int names = properties.keySet().stream()
                            .mapToInt(String::length)
                            .sum();
                    return properties.size() > Room.MAX_PROPERTIES
                            || Room.propertyBytes(properties) - names > Room.MAX_PROPERTY_BYTES;
                }
            }),
    LAST_BYTE_OF_PROPERTIES_REFUSED(
            "s19_properties_have_4096_bytes_of_utf8_in_all", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooMuch(Map<String, String> properties) {
                    return super.isTooMuch(properties) || Room.propertyBytes(properties) >= Room.MAX_PROPERTY_BYTES;
                }
            }),
    PROPERTIES_TRIMMED_BY_COUNT(
            "s10_s19_properties_outlive_the_trimming_of_entries",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Room view(Chat chat) {
                    boolean kept =
                            chat.log.stream().anyMatch(entry -> entry.kind().equals(LogEntry.PROPERTY));
                    return kept ? chat.room : chat.room.withProperties(Map.of());
                }
            }),
    PROPERTIES_TRIMMED_BY_BYTES(
            "s10_s19_properties_outlive_the_trimming_of_text", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Room view(Chat chat) {
                    boolean kept =
                            chat.log.stream().anyMatch(entry -> entry.kind().equals(LogEntry.PROPERTY));
                    return kept ? chat.room : chat.room.withProperties(Map.of());
                }
            }),
    PROPERTIES_OF_THE_BEGINNING_LOST(
            "s19_room_may_have_properties_from_its_beginning", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                public synchronized boolean create(Room room, JoinRequest owner) {
                    return super.create(room.withProperties(Map.of()), owner);
                }
            }),
    VALUE_ENDS_AT_AN_EQUALS_SIGN("s19_value_is_kept_as_it_is", (limits, time) -> new ReferenceRoomStore(limits, time) {
        @Override
        Appended write(Chat chat, String kind, Identity sender, String key, String body) {
            Map<String, String> properties = new HashMap<>(chat.room.properties());
            properties.replaceAll((name, value) -> value.split("=", 2)[0]);
            chat.room = chat.room.withProperties(properties);
            return super.write(chat, kind, sender, key, body);
        }
    }),
    PROPERTIES_COUNTED_TOO_EARLY(
            "s1_s19_properties_set_at_once_are_never_too_many", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                boolean isTooMuch(Map<String, String> properties) {
                    SeededFault.letOthersIn(this);
                    return super.isTooMuch(properties);
                }
            }),
    UNKNOWN_KINDS_ARE_MESSAGES(
            "s20_unknown_kinds_are_kept_as_they_are", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    return super.write(chat, kind.startsWith("x-") ? LogEntry.MESSAGE : kind, sender, key, body);
                }
            }),
    KINDS_IN_LOWER_CASE(
            "s20_unknown_kinds_are_kept_as_they_are", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    return super.write(chat, kind.toLowerCase(Locale.ROOT), sender, key, body);
                }
            }),
    POSTED_KIND_HAS_AN_EFFECT(
            "s20_kinds_that_the_store_writes_have_no_effect_if_posted",
            (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    if (kind.equals(LogEntry.PROPERTY) && key != null) {
                        chat.room = chat.room.withProperties(Map.of("a", "b"));
                    }
                    return super.write(chat, kind, sender, key, body);
                }
            }),
    CONTROL_CHARACTERS_DROPPED(
            "s20_body_may_hold_every_character", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    return super.write(chat, kind, sender, key, body.replace("\u0000", ""));
                }
            }),
    BODIES_OF_THE_FIRST_PLANE_ONLY(
            "s20_body_may_hold_every_character", (limits, time) -> new ReferenceRoomStore(limits, time) {
                @Override
                Appended write(Chat chat, String kind, Identity sender, String key, String body) {
                    return super.write(chat, kind, sender, key, body.replaceAll("[^\u0000-\uffff]", "?"));
                }
            });

    @SuppressWarnings("ImmutableEnumChecker") // each call of its function makes a new store
    private final Seed seed;

    SteeringFault(String foundBy, BiFunction<LogLimits, InstantSource, ReferenceRoomStore> store) {
        seed = new Seed(foundBy, store);
    }

    @Override
    public Seed seed() {
        return seed;
    }
}
