package io.millrace.trainer.batch;

import com.fasterxml.jackson.core.JacksonException;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/**
 * A record of {@code accepted-examples} or {@code texts} as it was polled.
 *
 * @param offset its offset
 * @param value its bytes; null for a tombstone
 */
public record PolledRecord(long offset, byte @Nullable [] value) {

    /** The example, if the record holds one that a task of this kind can have. Ingest writes no others. */
    public Optional<LabelledExample> example(TaskKind kind) {
        return accepted(kind).map(AcceptedExample::example);
    }

    /** Like {@link #example}, with the record that it came from. */
    public Optional<AcceptedExample> accepted(TaskKind kind) {
        return parse(AcceptedExample.class).filter(accepted -> isOf(accepted.example(), kind));
    }

    private static boolean isOf(LabelledExample example, TaskKind kind) {
        return example.text() != null
                && example.label() != null
                && (example.textPair() != null) == kind.isPair()
                && (!kind.isRegression() || NumberLabel.parse(example.label()).isPresent());
    }

    /** The unlabelled text, if the record holds one that is not blank. */
    public Optional<UnlabelledText> text() {
        return parse(UnlabelledText.class)
                .filter(text -> text.text() != null && !text.text().isBlank());
    }

    private <T> Optional<T> parse(Class<T> type) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Json.mapper().readValue(value, type));
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read bytes in memory", e);
        }
    }
}
