package io.millrace.ingest;

/** A piece of input as it may stand in a message: in quotation marks, and not longer than a line can bear. */
final class Quoted {

    private static final int MAX_CHARS = 64;

    private Quoted() {}

    static String of(String text) {
        if (text.length() <= MAX_CHARS) {
            return '"' + text + '"';
        }
        return '"' + text.substring(0, MAX_CHARS) + "...\" (" + text.length() + " characters)";
    }
}
