package io.github.ephemeralchat.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A heap dump of another JVM (HPROF, as HotSpot writes it): finds what was written in it, and which classes hold that. */
final class HeapDump {

    private static final List<Charset> ENCODINGS =
            List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE);
    private static final int HOLDERS = 3;
    private static final int REFERENCE = 2;
    private static final int ID_BYTES = 8;

    /** The sizes of fields and elements by the tags of their types. */
    private static final int[] SIZES = {0, 0, ID_BYTES, 0, 1, 2, 4, 8, 1, 2, 4, 8};

    private final byte[] bytes;
    private final ByteBuffer file;
    private final Map<Long, String> words = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private final Map<Long, Long> typeNames = new HashMap<>();

    /** A class: its ancestor, and the types and names of its own fields. */
    private record Type(long parent, List<Integer> fieldTypes, List<Long> fieldNames) {}

    /** A reference from one object, or from outside of the heap (0), to another; by the class and the field. */
    private interface References {
        void found(long from, long to, Supplier<String> holder);
    }

    /** Where the elements of an array are in the file. */
    private interface Arrays {
        void found(long id, int begin, int end);
    }

    private HeapDump(byte[] bytes) {
        this.bytes = bytes;
        this.file = ByteBuffer.wrap(bytes);
    }

    /** Reads a dump of at most 2 GB. */
    static HeapDump read(Path path) throws IOException {
        HeapDump dump = new HeapDump(Files.readAllBytes(path));
        dump.walk((id, begin, end) -> {}, (from, to, holder) -> {});
        return dump;
    }

    /** What in the dump begins with a text, with so many characters after it. */
    Set<String> find(String beginning, int more) {
        return new TreeSet<>(places(beginning, more).values());
    }

    /**
     * The same, with the holders.
     *
     * @return texts by where they are: the fields that lead to them, the nearest first
     */
    Map<String, Set<String>> findHolders(String beginning, int more) {
        SortedMap<Integer, String> places = places(beginning, more);
        Map<Long, Set<String>> arrays = new HashMap<>();
        walk(
                (id, begin, end) -> {
                    SortedMap<Integer, String> inside = places.subMap(begin, end);
                    if (!inside.isEmpty()) {
                        arrays.put(id, new TreeSet<>(inside.values()));
                        inside.clear();
                    }
                },
                (from, to, holder) -> {});
        Map<String, Set<String>> found = new TreeMap<>();
        arrays.forEach((id, texts) -> ways(id).forEach(way ->
                found.computeIfAbsent(way, absent -> new TreeSet<>()).addAll(texts)));
        if (!places.isEmpty()) {
            found.put("outside of arrays", new TreeSet<>(places.values()));
        }
        return found;
    }

    private Set<String> ways(long array) {
        Set<String> ways = new TreeSet<>();
        Set<Long> seen = new HashSet<>(Set.of(array));
        Map<Long, String> level = Map.of(array, "");
        for (int i = 0; i < HOLDERS && !level.isEmpty(); i++) {
            level = holders(level, seen, ways);
        }
        ways.addAll(level.values());
        return ways;
    }

    /** The holders of those objects that nothing else has led to; ways that end there are added to the others. */
    private Map<Long, String> holders(Map<Long, String> level, Set<Long> seen, Set<String> ways) {
        Map<Long, String> next = new HashMap<>();
        walk((id, begin, end) -> {}, (from, to, holder) -> {
            String way = level.get(to);
            if (way != null) {
                String longer = way.isEmpty() ? holder.get() : way + " < " + holder.get();
                if (from == 0) {
                    ways.add(longer);
                } else if (seen.add(from)) {
                    next.put(from, longer);
                }
            }
        });
        return next;
    }

    private SortedMap<Integer, String> places(String beginning, int more) {
        SortedMap<Integer, String> places = new TreeMap<>();
        for (Charset encoding : ENCODINGS) {
            byte[] wanted = beginning.getBytes(encoding);
            int length = wanted.length + wanted.length / beginning.length() * more;
            for (int at = next(wanted, 0); at >= 0; at = next(wanted, at + 1)) {
                places.put(at, new String(bytes, at, length, encoding));
            }
        }
        return places;
    }

    private int next(byte[] wanted, int from) {
        for (int at = from; at <= bytes.length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private void walk(Arrays arrays, References references) {
        file.position(0);
        while (file.get() != 0) {
            // The format's name.
        }
        file.position(file.position() + 12);
        while (file.hasRemaining()) {
            int tag = file.get();
            file.getInt();
            int end = file.getInt() + file.position();
            switch (tag) {
                case 0x01 -> words.computeIfAbsent(file.getLong(), id -> text(end));
                case 0x02 -> {
                    file.getInt();
                    long type = file.getLong();
                    file.getInt();
                    typeNames.put(type, file.getLong());
                }
                case 0x0C, 0x1C -> walkSegment(end, arrays, references);
                default -> {}
            }
            file.position(end);
        }
    }

    private String text(int end) {
        return new String(bytes, file.position(), end - file.position(), StandardCharsets.UTF_8);
    }

    private void walkSegment(int end, Arrays arrays, References references) {
        while (file.position() < end) {
            int tag = file.get() & 0xFF;
            long id = file.getLong();
            switch (tag) {
                case 0x01 -> root(id, "a native reference", ID_BYTES, references);
                case 0x02, 0x03, 0x08 -> root(id, "a thread", 8, references);
                case 0x04, 0x06 -> root(id, "a thread", 4, references);
                case 0x05, 0x07, 0xFF -> root(id, "the JVM", 0, references);
                case 0x20 -> walkType(id, references);
                case 0x21 -> walkInstance(id, references);
                case 0x22 -> walkObjects(id, references);
                case 0x23 -> walkPrimitives(id, arrays);
                default -> throw new IllegalStateException("an unknown part of a heap dump: " + tag);
            }
        }
    }

    private void root(long id, String holder, int more, References references) {
        references.found(0, id, () -> holder);
        file.position(file.position() + more);
    }

    private void walkType(long id, References references) {
        file.getInt();
        long parent = file.getLong();
        file.position(file.position() + 5 * ID_BYTES + 4);
        for (int constants = file.getShort() & 0xFFFF; constants > 0; constants--) {
            file.getShort();
            skip(file.get());
        }
        for (int statics = file.getShort() & 0xFFFF; statics > 0; statics--) {
            long field = file.getLong();
            int type = file.get();
            if (type == REFERENCE) {
                references.found(0, file.getLong(), () -> "static " + name(id) + "." + words.get(field));
            } else {
                skip(type);
            }
        }
        List<Integer> fieldTypes = new ArrayList<>();
        List<Long> fieldNames = new ArrayList<>();
        for (int fields = file.getShort() & 0xFFFF; fields > 0; fields--) {
            fieldNames.add(file.getLong());
            fieldTypes.add((int) file.get());
        }
        types.putIfAbsent(id, new Type(parent, fieldTypes, fieldNames));
    }

    private void skip(int type) {
        file.position(file.position() + SIZES[type]);
    }

    private void walkInstance(long id, References references) {
        file.getInt();
        long type = file.getLong();
        int end = file.getInt() + file.position();
        for (Type own = types.get(type); own != null; own = types.get(own.parent())) {
            for (int i = 0; i < own.fieldTypes().size(); i++) {
                if (own.fieldTypes().get(i) == REFERENCE) {
                    long field = own.fieldNames().get(i);
                    references.found(id, file.getLong(), () -> name(type) + "." + words.get(field));
                } else {
                    skip(own.fieldTypes().get(i));
                }
            }
        }
        file.position(end);
    }

    private void walkObjects(long id, References references) {
        file.getInt();
        int length = file.getInt();
        long type = file.getLong();
        for (int i = 0; i < length; i++) {
            references.found(id, file.getLong(), () -> name(type));
        }
    }

    private void walkPrimitives(long id, Arrays arrays) {
        file.getInt();
        int length = file.getInt();
        int end = SIZES[file.get()] * length + file.position();
        arrays.found(id, file.position(), end);
        file.position(end);
    }

    private String name(long type) {
        return String.valueOf(words.get(typeNames.get(type))).replace('/', '.');
    }
}
