package io.millrace.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * What somebody asks of the models of a task by hand. Whichever evaluator has the task executes it, and says what became of it in a
 * {@link RequestOutcome}.
 *
 * @param id identifies the request: 1 to 64 letters, digits, {@code .}, {@code _} and {@code -}
 * @param task the task
 * @param action what is asked
 * @param checkpoint the checkpoint to promote or to roll back to; absent for a rollback to the previous model, and for hold and release
 * @param by who asks, 1 to {@value #MAX_BY_CHARS} characters on one line. The writer claims it; the rights on the topic decide who may write
 * @param reason why, 1 to {@value #MAX_REASON_CHARS} characters on one line
 * @param expectedChampion id of the champion that the writer saw, {@value #NO_CHAMPION} if there was none: the request is refused if
 *     it is another by then. Absent if that does not matter
 */
public record ModelRequest(
        String id,
        String task,
        Action action,
        @Nullable String checkpoint,
        String by,
        String reason,
        @Nullable String expectedChampion) {

    /** Longest name of the one who asks. */
    public static final int MAX_BY_CHARS = 128;

    /** Longest reason. */
    public static final int MAX_REASON_CHARS = 500;

    /** The expected champion of a task that has none; no checkpoint has this id. */
    public static final String NO_CHAMPION = "-";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern CHECKPOINT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** What can be asked. */
    public enum Action {
        /** A checkpoint becomes the champion, whatever the gate says. */
        @JsonProperty("promote")
        PROMOTE("promote"),
        /** An earlier model becomes the champion again. */
        @JsonProperty("rollback")
        ROLLBACK("rollback"),
        /** No checkpoint is promoted by the gate until a release. */
        @JsonProperty("hold")
        HOLD("hold"),
        /** Ends a hold. */
        @JsonProperty("release")
        RELEASE("release");

        private final String wireName;

        Action(String wireName) {
            this.wireName = wireName;
        }

        /** The word on the wire and on the command line. */
        public String wireName() {
            return wireName;
        }
    }

    public ModelRequest {
        Required.field("ModelRequest.id", id);
        Required.field("ModelRequest.task", task);
        Required.field("ModelRequest.action", action);
        matching("id", id, ID);
        matching("task", task, Task.NAME);
        if (checkpoint != null) {
            matching("checkpoint", checkpoint, CHECKPOINT);
        }
        requireCheckpoint(action, checkpoint);
        line("by", by, MAX_BY_CHARS);
        line("reason", reason, MAX_REASON_CHARS);
        if (expectedChampion != null && !expectedChampion.equals(NO_CHAMPION)) {
            matching("expectedChampion", expectedChampion, CHECKPOINT);
        }
    }

    private static void requireCheckpoint(Action action, @Nullable String checkpoint) {
        if (action == Action.PROMOTE && checkpoint == null) {
            throw new IllegalArgumentException("ModelRequest.checkpoint is required to promote, got none");
        }
        if ((action == Action.HOLD || action == Action.RELEASE) && checkpoint != null) {
            throw new IllegalArgumentException("ModelRequest.checkpoint must be absent for " + action.wireName()
                    + ", which concerns the whole task, got " + LogSafe.quoted(checkpoint));
        }
    }

    private static void matching(String field, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "ModelRequest." + field + " must match " + pattern + ", got " + LogSafe.quoted(value));
        }
    }

    private static void line(String field, String value, int maxChars) {
        Required.field("ModelRequest." + field, value);
        if (value.length() > maxChars || !LogSafe.isVisible(value) || !LogSafe.isPlain(value)) {
            throw new IllegalArgumentException("ModelRequest." + field + " must be 1 to " + maxChars
                    + " characters on one line, without control characters, got " + LogSafe.quoted(value));
        }
    }
}
