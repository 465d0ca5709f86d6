package io.millrace.ingest.file;

import io.millrace.schemas.text.LogSafe;

import java.util.ArrayList;
import java.util.List;

/** The lines of a file that its reader would reject: how many, and what is wrong with the first. */
public final class BadLines {

    private static final int SHOWN = 5;
    private static final int MAX_CHARS = 400;

    private final List<String> first = new ArrayList<>();
    private long count;

    /** Adds one. */
    public void add(String position, String fault) {
        count++;
        if (first.size() < SHOWN) {
            first.add(LogSafe.line(position + ": " + fault, MAX_CHARS));
        }
    }

    /** How many there are. */
    public long count() {
        return count;
    }

    /** The first of them, and how many more there are. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>(first);
        if (count > first.size()) {
            lines.add("and " + (count - first.size()) + " more");
        }
        return lines;
    }
}
