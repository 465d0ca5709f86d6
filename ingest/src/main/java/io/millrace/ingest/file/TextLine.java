package io.millrace.ingest.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/** One line of a file of unlabelled texts. */
public final class TextLine {

    private TextLine() {}

    /**
     * The text in {@code line}; its id may be absent.
     *
     * @param position the position of the line, for messages
     * @throws IllegalArgumentException if it holds none
     */
    public static UnlabelledText parse(byte[] line, String position) {
        Optional<UnlabelledText> text = read(line);
        fault(text, /* needsId */ false).ifPresent(fault -> {
            throw new IllegalArgumentException(position + ": " + fault.detail());
        });
        return text.orElseThrow();
    }

    /** The fault for which the trainer would reject {@code line}. */
    static Optional<LineFault> fault(byte[] line, boolean needsId) {
        return fault(read(line), needsId);
    }

    private static Optional<LineFault> fault(Optional<UnlabelledText> text, boolean needsId) {
        if (text.isEmpty()) {
            return Optional.of(LineFault.of(
                    RejectionReason.INVALID_JSON,
                    "expected one JSON object, as {\"id\": \"1\", \"text\": \"a fine film\"}"));
        }
        if (needsId && isBlank(text.get().id())) {
            return Optional.of(
                    LineFault.of(RejectionReason.INVALID_ID, "id: expected a string that is not blank, got none"));
        }
        return isBlank(text.get().text())
                ? Optional.of(LineFault.of(RejectionReason.EMPTY_TEXT, "text: expected a text, got none"))
                : Optional.empty();
    }

    /** Without the words of the JSON library: they name its classes and settings. */
    private static Optional<UnlabelledText> read(byte[] line) {
        try {
            return Optional.ofNullable(Json.mapper().readValue(line, UnlabelledText.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("a line in memory cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }
}
