package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.RejectionReason;

import java.util.Optional;
import java.util.function.Function;

/** The result for one record: an example of a task, or a rejection with its reason. */
public sealed interface Validation {

    /** The same if it is rejected already, otherwise the result of {@code check} on the accepted example. */
    Validation andThen(Function<Accepted, Validation> check);

    /** The accepted example, if it is one. */
    Optional<Accepted> accepted();

    /** The rejection, if it is one. */
    Optional<Rejected> rejected();

    /**
     * A valid example.
     *
     * @param example the example, its texts normalised
     */
    record Accepted(LabelledExample example) implements Validation {

        @Override
        public Validation andThen(Function<Accepted, Validation> check) {
            return check.apply(this);
        }

        @Override
        public Optional<Accepted> accepted() {
            return Optional.of(this);
        }

        @Override
        public Optional<Rejected> rejected() {
            return Optional.empty();
        }
    }

    /**
     * A record that does not become an example.
     *
     * @param reason why, as a word
     * @param detail why, as a sentence for people: what was expected and what was found
     */
    record Rejected(RejectionReason reason, String detail) implements Validation {

        @Override
        public Validation andThen(Function<Accepted, Validation> check) {
            return this;
        }

        @Override
        public Optional<Accepted> accepted() {
            return Optional.empty();
        }

        @Override
        public Optional<Rejected> rejected() {
            return Optional.of(this);
        }
    }
}
