package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the rooms of a run, and takes its seats. */
final class Rooms {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());
    private static final int AT_ONCE = 8;

    private final Target target;

    Rooms(Target target) {
        this.target = target;
    }

    /** For each room its seats, the creator's first. */
    List<List<Seat>> create(int rooms, int seats) {
        return all(rooms, () -> room(seats));
    }

    /** Posts messages that end in the second that begins then: each lives for whole seconds. */
    void postEnding(Seat seat, int messages, Instant end) {
        Template ending = target.ending();
        all(messages, () -> {
            long seconds = Duration.between(Instant.now(), end).toSeconds() + 1;
            return ask(ending, seat, Long.toString(seconds));
        });
    }

    private static <T> List<T> all(int times, Callable<T> call) {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<T> done = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(Collections.nCopies(times, call))) {
                done.add(one.get());
            }
            return done;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Ends rooms, where the target has a request for it. */
    void destroy(List<List<Seat>> rooms) {
        Template destroy = target.destroy();
        if (destroy != null) {
            rooms.forEach(seats -> ask(destroy, seats.get(0)));
        }
    }

    /** Gives up the last seat of each room, where the target has a request for it. */
    void leave(List<List<Seat>> rooms) {
        Template leave = target.leave();
        if (leave != null) {
            rooms.forEach(seats -> ask(leave, seats.get(seats.size() - 1)));
        }
    }

    private List<Seat> room(int seats) {
        Template create = target.create();
        Template join = target.join();
        Seat owner = new Seat("room" + NAMES.incrementAndGet(), "", Math.max(2, seats));
        if (create != null) {
            String answer = ask(create, owner);
            owner = new Seat(find("create.room", answer), find("create.token", answer), owner.seats());
        }
        List<Seat> all = new ArrayList<>(List.of(owner));
        while (all.size() < seats) {
            String token = join == null ? owner.token() : find("join.token", ask(join, owner));
            all.add(new Seat(owner.room(), token, owner.seats()));
        }
        return all;
    }

    private String find(String key, String answer) {
        Pattern pattern = target.pattern(key);
        Matcher found = pattern.matcher(answer);
        if (!found.find()) {
            throw new IllegalStateException("an answer lacks " + pattern);
        }
        return found.group(1);
    }

    private String ask(Template request, Seat seat) {
        return ask(request, seat, "");
    }

    private String ask(Template request, Seat seat, String payload) {
        InetSocketAddress server = target.posts();
        URI uri = URI.create("http://" + server.getAddress().getHostAddress() + ":" + server.getPort()
                + Template.fill(request.url(), seat, payload));
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
        for (String header : request.headers()) {
            String[] parts = Template.fill(header, seat, payload).split(": *", 2);
            builder.header(parts[0], parts[1]);
        }
        String body = request.body() == null ? "" : Template.fill(request.body(), seat, payload);
        builder.method(request.method(), HttpRequest.BodyPublishers.ofString(body));
        try {
            HttpResponse<String> answer = HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException("a room, a seat or a message was answered by " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
