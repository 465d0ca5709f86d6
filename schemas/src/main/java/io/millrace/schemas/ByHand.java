package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What has been done to the models of a task by hand, as a part of {@link TaskHistorySnapshot}.
 *
 * @param done how far {@code model-requests} has been executed, per partition
 * @param hold the hold, while there is one
 * @param withdrawn ids of promoted models that were rolled back from and not promoted again since
 */
public record ByHand(List<NextOffset> done, @Nullable Hold hold, List<String> withdrawn) {

    public ByHand {
        done = Required.list("ByHand.done", done);
        withdrawn = Required.list("ByHand.withdrawn", withdrawn);
    }

    /**
     * How far a partition has been read.
     *
     * @param partition the partition
     * @param next the first offset that is not yet executed
     */
    public record NextOffset(int partition, long next) {}

    /**
     * The gate promotes nothing.
     *
     * @param by who asked for it
     * @param reason why
     * @param since when it was asked for
     */
    public record Hold(String by, String reason, Instant since) {

        public Hold {
            Required.field("ByHand.hold.by", by);
            Required.field("ByHand.hold.reason", reason);
            Required.field("ByHand.hold.since", since);
        }
    }
}
