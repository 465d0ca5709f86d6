package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What became of a {@link ModelRequest}. Written in the transaction of its execution; a promotion or rollback is on {@code model-updates}
 * as well.
 *
 * @param request the request: who asked for what, and why
 * @param origin where it is on {@code model-requests}, and when it was written
 * @param result whether it was executed
 * @param reasons why it was refused, or what else happened: one sentence each
 * @param champion id of the champion afterwards; absent if there is none
 */
public record RequestOutcome(
        ModelRequest request, Origin origin, Result result, List<String> reasons, @Nullable String champion) {

    /** Whether a request was executed. */
    public enum Result {
        /** It was executed. */
        @JsonProperty("done")
        DONE("done"),
        /** It was not, and changed nothing. */
        @JsonProperty("refused")
        REFUSED("refused");

        private final String wireName;

        Result(String wireName) {
            this.wireName = wireName;
        }

        /** The word on the wire and the last part of the CloudEvents type. */
        public String wireName() {
            return wireName;
        }
    }

    public RequestOutcome {
        Required.field("RequestOutcome.request", request);
        Required.field("RequestOutcome.origin", origin);
        Required.field("RequestOutcome.result", result);
        reasons = Required.list("RequestOutcome.reasons", reasons);
    }
}
