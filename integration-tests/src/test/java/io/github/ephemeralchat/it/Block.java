package io.github.ephemeralchat.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A block of code in the README, its like or docs/, with the comment above it that says how it is checked.
 *
 * @param file where it stands
 * @param line its first line there, from 1
 * @param language what the fence says, or nothing
 * @param note the comment, or nothing
 * @param text the code
 */
record Block(Path file, int line, String language, String note, String text) {

    static final Path ROOT = Path.of(System.getProperty("project.root"));

    private static final Pattern FENCE = Pattern.compile("( *)```(.*)");
    private static final Pattern NOTE = Pattern.compile(" *<!-- (?:(every block) is )?(.*) -->");

    /** The README and its like, and what is in docs/. */
    static List<Path> documents() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Block> in(Path file) {
        return new Reader(file).blocks();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return ROOT.relativize(file) + ":" + line + " " + language;
    }

    /** Goes through a file once. */
    private static final class Reader {

        private final Path file;
        private final List<String> lines;
        private final List<Block> blocks = new ArrayList<>();
        private int at;

        Reader(Path file) {
            this.file = file;
            this.lines = read(file).lines().toList();
        }

        List<Block> blocks() {
            String everywhere = "";
            String note = "";
            while (at < lines.size()) {
                String line = lines.get(at++);
                Matcher fence = FENCE.matcher(line);
                Matcher comment = NOTE.matcher(line);
                if (fence.matches()) {
                    blocks.add(fenced(fence.group(1).length(), fence.group(2), note.isEmpty() ? everywhere : note));
                    note = "";
                } else if (comment.matches() && comment.group(1) != null) {
                    everywhere = comment.group(2);
                } else if (comment.matches()) {
                    note = comment.group(2);
                } else if (!line.isBlank()) {
                    note = "";
                    addIndented(line);
                }
            }
            return blocks;
        }

        private Block fenced(int indent, String language, String note) {
            int first = at;
            StringBuilder text = new StringBuilder();
            while (!lines.get(at).strip().equals("```")) {
                String line = lines.get(at++);
                text.append(line.isBlank() ? "" : line.substring(indent)).append('\n');
            }
            at++;
            return new Block(file, first + 1, language, note, text.toString());
        }

        /** Code without a fence says of no language that it is in. */
        private void addIndented(String line) {
            boolean afterBlank = at < 2 || lines.get(at - 2).isBlank();
            if (afterBlank && line.startsWith("    ")) {
                blocks.add(new Block(file, at, "", "", line));
            }
        }
    }
}
