package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a host with a login or a proxy of its own decides about each request. Immutable. All functions are called on the
 * request's thread.
 *
 * <pre>{@code
 * RequestHooks<HttpServletRequest> hooks = RequestHooks.<HttpServletRequest>defaults()
 *         .withIdentity(request -> Optional.ofNullable(request.getUserPrincipal())
 *                 .map(user -> Identity.ofUser("user-" + user.getName(), user.getName())));
 * }</pre>
 *
 * @param identity tells who somebody is
 * @param mayCreate tells who may create rooms
 * @param mayJoin tells who may take a seat in a room
 * @param clientAddress finds the address that the limits count against
 * @param <R> the request of the server: {@code HttpServletRequest}, or Netty's {@code HttpRequest}
 */
public record RequestHooks<R>(
        Function<? super R, Optional<Identity>> identity,
        Predicate<? super R> mayCreate,
        BiPredicate<? super R, RoomId> mayJoin,
        Function<? super R, @Nullable String> clientAddress) {

    /** Refuses null. */
    public RequestHooks {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(mayCreate, "mayCreate");
        Objects.requireNonNull(mayJoin, "mayJoin");
        Objects.requireNonNull(clientAddress, "clientAddress");
    }

    /** Tells of nobody who it is; known by its identity. */
    private enum Nobody implements Function<Object, Optional<Identity>> {
        NOBODY;

        @Override
        public Optional<Identity> apply(Object request) {
            return Optional.empty();
        }
    }

    /**
     * Returns what suits a host without a login: anonymous names, everybody may create rooms and join those whose code they
     * know, the connection's address.
     *
     * @param <R> the request of the server
     * @return the defaults
     */
    public static <R> RequestHooks<R> defaults() {
        return new RequestHooks<>(Nobody.NOBODY, request -> true, (request, room) -> true, request -> null);
    }

    /**
     * Returns these hooks with another one that tells who somebody is: for hosts with a login of their own. If it
     * returns an identity, the name in the request is ignored, a second join of the same identity id takes the same
     * seat, and the identity proves that seat in every request by itself: a cookie of somebody else's does not count. By
     * default it returns none, and participants choose a name or get an anonymous one. Clients do not see the identity's id,
     * unless {@link ChatHttpSettings.Builder#showIdentityIds} says so.
     *
     * @param hook called at most once for a request that creates a room or is about one
     * @return a changed copy
     */
    public RequestHooks<R> withIdentity(Function<? super R, Optional<Identity>> hook) {
        return new RequestHooks<>(hook, mayCreate, mayJoin, clientAddress);
    }

    /**
     * Returns these hooks with another one that tells who may create rooms. By default everybody may.
     *
     * @param hook called before a room is created
     * @return a changed copy
     */
    public RequestHooks<R> withMayCreate(Predicate<? super R> hook) {
        return new RequestHooks<>(identity, hook, mayJoin, clientAddress);
    }

    /**
     * Returns these hooks with another one that tells who may take a seat in a room, such as those on the host's guest list.
     * By default everybody may who knows the code, and the proof if the room asks for one. It is asked before the room is
     * looked for, so its refusal says nothing about the room. Whoever has a seat keeps it, until the host calls {@code
     * EphemeralChatService.revoke} or removes it.
     *
     * @param hook called before a seat is taken, or taken again by a join; the room may not exist
     * @return a changed copy
     */
    public RequestHooks<R> withMayJoin(BiPredicate<? super R, RoomId> hook) {
        return new RequestHooks<>(identity, mayCreate, hook, clientAddress);
    }

    /**
     * Returns these hooks with another one that finds the address that the limits count against: for hosts behind a
     * proxy, which read it from the header that the proxy sets. By default it is the connection's.
     *
     * @param hook called for every request, perhaps on an event loop, so it must not block; null for the connection's own
     *     address
     * @return a changed copy
     */
    public RequestHooks<R> withClientAddress(Function<? super R, @Nullable String> hook) {
        return new RequestHooks<>(identity, mayCreate, mayJoin, hook);
    }

    /** Whether {@link #identity} asks the host, which may block. */
    boolean knowsIdentities() {
        return identity != Nobody.NOBODY;
    }

    /**
     * Binds the hooks to a request.
     *
     * @param request the request of the server
     * @param remoteAddress the connection's address, null if there is none
     * @return the hooks of that request
     */
    public Bound<R> bind(R request, @Nullable String remoteAddress) {
        return new Bound<>(this, request, remoteAddress);
    }

    /**
     * The hooks of one request. For one thread at a time.
     *
     * @param <R> the request of the server
     */
    public static final class Bound<R> {

        private final RequestHooks<R> hooks;
        private final R request;
        private final @Nullable String remoteAddress;

        /** Looked for once: several limits count by it. */
        private @Nullable Object client;

        private Bound(RequestHooks<R> hooks, R request, @Nullable String remoteAddress) {
            this.hooks = hooks;
            this.request = Objects.requireNonNull(request, "request");
            this.remoteAddress = remoteAddress;
        }

        boolean knowsIdentities() {
            return hooks.knowsIdentities();
        }

        Optional<Identity> identity() {
            return hooks.identity.apply(request);
        }

        boolean mayCreate() {
            return hooks.mayCreate.test(request);
        }

        boolean mayJoin(RoomId room) {
            return hooks.mayJoin.test(request, room);
        }

        /** By what the client is counted, found by its address, which is empty if there is none. */
        Object client(Function<String, Object> find) {
            Object known = client;
            if (known == null) {
                known = find.apply(clientAddress());
                client = known;
            }
            return known;
        }

        private String clientAddress() {
            String address = hooks.clientAddress.apply(request);
            String known = address == null ? remoteAddress : address;
            return known == null ? "" : known;
        }

        /**
         * The same answers on any thread: what a host sees of a request may depend on the request's own. Asks only what
         * the operation needs; by what the client is counted has to be known.
         */
        Bound<R> answered(Route.Match match) {
            Optional<Identity> who = identity();
            boolean create = match.route() == Route.CREATE_ROOM && mayCreate();
            boolean join = match.route() == Route.JOIN
                    && RoomId.isValid(match.roomCode())
                    && mayJoin(new RoomId(match.roomCode()));
            RequestHooks<R> known =
                    new RequestHooks<>(asked -> who, asked -> create, (asked, room) -> join, asked -> null);
            Bound<R> answered = new Bound<>(known, request, null);
            answered.client = client;
            return answered;
        }

        /** Returns nothing that somebody sent. */
        @Override
        public String toString() {
            return "Bound[...]";
        }
    }
}
