package io.millrace.trainer.batch;

import java.util.List;

/**
 * Something with its offset.
 *
 * @param offset where its record stands in its partition
 * @param value what the record holds
 */
public record WithOffset<T>(long offset, T value) {

    /** The values alone. */
    static <T> List<T> values(List<WithOffset<T>> entries) {
        return entries.stream().map(WithOffset::value).toList();
    }
}
