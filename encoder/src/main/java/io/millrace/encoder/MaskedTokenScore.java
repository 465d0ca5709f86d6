package io.millrace.encoder;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.millrace.schemas.Required;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@value #FILE_NAME} beside the weights of a pre-trained encoder: how often its masked-token head was right on texts that were held out.
 * Hugging Face does not read files of other names than its own, so this one does not disturb it.
 *
 * @param freshHead whether the head was never trained before this pre-training
 * @param heldOut the texts
 * @param measurements every measurement, oldest first; at least one
 * @param weightsSha256 hash of the weights of the newest measurement; absent if they have been trained on since
 */
public record MaskedTokenScore(
        boolean freshHead, HeldOut heldOut, List<Measurement> measurements, @Nullable String weightsSha256) {

    public static final String FILE_NAME = "masked-token-score.json";

    public MaskedTokenScore {
        Required.field("MaskedTokenScore.heldOut", heldOut);
        measurements = List.copyOf(Required.list("MaskedTokenScore.measurements", measurements));
        if (measurements.isEmpty()) {
            throw new IllegalArgumentException("MaskedTokenScore.measurements must hold one at least, got none");
        }
    }

    /**
     * The texts that were held out. Each measurement masks the same tokens of them.
     *
     * @param texts how many
     * @param masked how many of their tokens are masked
     * @param mostFrequentOf100 how many of 100 are right if the answer is always the token that is masked most often
     */
    public record HeldOut(int texts, int masked, double mostFrequentOf100) {}

    /**
     * One measurement.
     *
     * @param phase the phase of the pre-training
     * @param epoch passes over the texts done in that phase; 0 for a measurement before the first
     * @param step steps done in that phase
     * @param rightOf100 of 100 masked tokens, how many the head gives the highest probability
     * @param loss mean negative log-likelihood of the masked tokens, in nats
     */
    public record Measurement(String phase, int epoch, long step, double rightOf100, double loss) {}

    /** The first measurement. */
    public Measurement first() {
        return measurements.get(0);
    }

    /** The newest measurement. */
    public Measurement last() {
        return measurements.get(measurements.size() - 1);
    }

    /** Writes it into the directory of a checkpoint. */
    public void write(Path directory) throws IOException {
        Files.writeString(directory.resolve(FILE_NAME), Json.write(this) + "\n");
    }

    /**
     * Reads it from the directory of a checkpoint, whatever weights are there; empty if there is none.
     *
     * @throws UnusableCheckpointException if it cannot be read
     */
    public static Optional<MaskedTokenScore> read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.mapper().readValue(file.toFile(), MaskedTokenScore.class));
        } catch (IOException e) {
            throw new UnusableCheckpointException(
                    "cannot read " + file + ": " + Json.fault(e)
                            + ". Delete it, and the encoder counts as never measured; or take it from the pre-training again.",
                    e);
        }
    }

    /** As {@link #read}; empty too if it is not of the weights that are there. */
    public static Optional<MaskedTokenScore> ofWeights(Path directory) {
        return read(directory).filter(score -> score.isOf(directory.resolve(EncoderCheckpoint.WEIGHTS_FILE)));
    }

    @JsonIgnore
    private boolean isOf(Path weights) {
        try {
            return weightsSha256 != null && weightsSha256.equals(Sha256.of(weights));
        } catch (IOException e) {
            throw new UnusableCheckpointException("cannot read " + weights + ": " + e.getMessage(), e);
        }
    }
}
