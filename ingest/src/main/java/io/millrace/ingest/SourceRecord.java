package io.millrace.ingest;

import org.jspecify.annotations.Nullable;

/**
 * What the first step makes of a record of a source: an example or a rejection, or one half of an example.
 *
 * @param candidate the example or the rejection; null for a half
 * @param half the half; null otherwise
 */
record SourceRecord(@Nullable Candidate candidate, @Nullable Half half) {

    Candidate wholeCandidate() {
        if (candidate == null) {
            throw new IllegalStateException("half an example was taken for a whole one");
        }
        return candidate;
    }

    Half oneHalf() {
        if (half == null) {
            throw new IllegalStateException("a whole example was taken for half of one");
        }
        return half;
    }
}
