package io.github.ephemeralchat.benchmarks.load;

/**
 * What is done to a server.
 *
 * @param name for tables
 * @param rooms how many rooms
 * @param subscribers how many streams each room has
 * @param messages how many messages are posted to each room
 * @param warmUp how many more are posted to each room before, uncounted
 * @param publishers how many connections post
 * @param rate messages a second over all rooms, each counted from when it was due; 0 where every publisher posts again as soon
 *     as it has its answer
 * @param bytes the length of a message's text
 */
public record Workload(
        String name, int rooms, int subscribers, int messages, int warmUp, int publishers, int rate, int bytes) {

    /** One room of 1,000 streams, as fast as it goes. */
    public static final Workload W1 = new Workload("W1", 1, 1000, 500, 20, 4, 0, 200);

    /** 1,000 rooms of two streams, as fast as it goes. */
    public static final Workload W2 = new Workload("W2", 1000, 2, 20, 5, 16, 0, 200);

    /** 2,500 rooms of two streams that say nothing. */
    public static final Workload W3 = new Workload("W3", 2500, 2, 0, 0, 1, 0, 200);

    /** 20 rooms of ten streams at 200 messages a second. */
    public static final Workload W4 = new Workload("W4", 20, 10, 60, 25, 20, 200, 200);

    /** What brings a server to 50,000 posts. */
    public static final Workload WARM = new Workload("warm-up", 1000, 2, 50, 0, 16, 0, 200);

    /** What a server's memory is looked at after, before it gets many idle streams. */
    public static final Workload SMALL = new Workload("small", 10, 10, 20, 0, 4, 0, 200);

    /**
     * Returns this workload with longer or shorter messages.
     *
     * @param length of a message's text
     * @return a changed copy
     */
    public Workload withBytes(int length) {
        return new Workload(name, rooms, subscribers, messages, warmUp, publishers, rate, length);
    }

    /**
     * Returns this workload under another name.
     *
     * @param other for tables
     * @return a changed copy
     */
    public Workload withName(String other) {
        return new Workload(other, rooms, subscribers, messages, warmUp, publishers, rate, bytes);
    }

    /**
     * Returns this workload at another rate.
     *
     * @param perSecond messages a second over all rooms; 0 for as fast as it goes
     * @return a changed copy
     */
    public Workload withRate(int perSecond) {
        return new Workload(name, rooms, subscribers, messages, warmUp, publishers, perSecond, bytes);
    }

    /**
     * Returns this workload with another number of rooms.
     *
     * @param other how many
     * @return a changed copy
     */
    public Workload withRooms(int other) {
        return new Workload(name, other, subscribers, messages, warmUp, publishers, rate, bytes);
    }

    /**
     * Returns this workload with another number of streams for each room.
     *
     * @param other how many
     * @return a changed copy
     */
    public Workload withSubscribers(int other) {
        return new Workload(name, rooms, other, messages, warmUp, publishers, rate, bytes);
    }

    /**
     * Returns this workload with other numbers of messages for each room.
     *
     * @param counted how many are counted
     * @param before how many come before
     * @return a changed copy
     */
    public Workload withMessages(int counted, int before) {
        return new Workload(name, rooms, subscribers, counted, before, publishers, rate, bytes);
    }

    long deliveries() {
        return (long) rooms * subscribers * messages;
    }
}
