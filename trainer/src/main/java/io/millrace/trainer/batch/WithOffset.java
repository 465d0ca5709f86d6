package io.millrace.trainer.batch;

import java.util.List;

/**
 * A value with the offset of its record.
 *
 * @param offset offset of the record
 * @param value content of the record
 */
public record WithOffset<T>(long offset, T value) {

    /** The values alone. */
    static <T> List<T> values(List<WithOffset<T>> entries) {
        return entries.stream().map(WithOffset::value).toList();
    }
}
