package io.millrace.ingest.source;

import com.fasterxml.jackson.core.JsonPointer;

import java.util.Optional;

/** JSON pointers (RFC 6901) of the configuration, as {@code /ticket/body}; an empty text is none. */
final class Pointers {

    private Pointers() {}

    /** Checks a pointer of the configuration; {@code key} names it in messages. */
    static void check(String key, String pointer) {
        if (pointer.isEmpty()) {
            return;
        }
        if (!pointer.startsWith("/")) {
            throw new IllegalArgumentException(
                    key + " must be a JSON pointer that begins with /, as /ticket/body, got \"" + pointer + "\"");
        }
    }

    static Optional<JsonPointer> of(String pointer) {
        return pointer.isEmpty() ? Optional.empty() : Optional.of(JsonPointer.compile(pointer));
    }
}
