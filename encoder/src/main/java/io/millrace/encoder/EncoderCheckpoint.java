package io.millrace.encoder;

import ai.djl.ndarray.NDManager;
import io.millrace.schemas.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A Hugging Face checkpoint directory: {@code config.json}, {@code model.safetensors}, {@code tokenizer.json}. It is read, and
 * written so that {@code AutoModelForSequenceClassification.from_pretrained} loads it.
 */
public final class EncoderCheckpoint {

    public static final String WEIGHTS_FILE = "model.safetensors";

    private static final Logger LOG = LoggerFactory.getLogger(EncoderCheckpoint.class);

    private final Path directory;
    private final EncoderConfig config;
    private final TokenizerFiles tokenizer;
    private final boolean hasWeights;

    private EncoderCheckpoint(Path directory, EncoderConfig config, TokenizerFiles tokenizer, boolean hasWeights) {
        this.directory = directory;
        this.config = config;
        this.tokenizer = tokenizer;
        this.hasWeights = hasWeights;
    }

    /** Reads the configuration of a checkpoint directory; the weights follow with {@link #loadWeights}. */
    public static EncoderCheckpoint read(Path directory) {
        return read(directory, List.of(EncoderConfig.FILE_NAME, WEIGHTS_FILE, TextTokenizer.FILE_NAME));
    }

    /** As {@link #read}, but the weights may be missing: then {@link #loadWeights} draws an encoder that was never trained. */
    public static EncoderCheckpoint readUntrained(Path directory) {
        return read(directory, List.of(EncoderConfig.FILE_NAME, TextTokenizer.FILE_NAME));
    }

    private static EncoderCheckpoint read(Path directory, List<String> required) {
        for (String name : required) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                throw new UnusableCheckpointException(directory + " is no usable checkpoint: it has no " + name
                        + ". Give the directory of a Hugging Face checkpoint with " + String.join(" and ", required)
                        + ".");
            }
        }
        return new EncoderCheckpoint(
                directory,
                EncoderConfig.read(directory),
                TokenizerFiles.read(directory),
                Files.isRegularFile(directory.resolve(WEIGHTS_FILE)));
    }

    /** What stands on the encoder, if the checkpoint says so. */
    public Optional<OutputHead> head() {
        return config.head();
    }

    /** Longest example that the encoder has positions for, in tokens. */
    public int maxTokens() {
        return config.maxTokens();
    }

    /** Longest example that the checkpoint was trained with, in tokens, if it says so; else {@link #maxTokens}. */
    public int trainedMaxTokens() {
        return (int) Math.min(tokenizer.maxLength().orElse(maxTokens()), maxTokens());
    }

    /** The tokenizer, cutting at {@code maxTokens}. */
    public TextTokenizer openTokenizer(int maxTokens) {
        if (maxTokens > maxTokens()) {
            throw new IllegalArgumentException("maxTokens must be at most the " + maxTokens()
                    + " positions of the encoder in " + directory + ", got " + maxTokens);
        }
        return TextTokenizer.open(directory, maxTokens);
    }

    /**
     * The weights for an encoder with {@code head}. A head of the checkpoint serves if it is the same; else a fresh one is drawn from
     * {@code random}. Likewise the masked-token head.
     *
     * @param parent manager, on the device, below which the weights get their own
     */
    public Weights loadWeights(NDManager parent, OutputHead head, RandomGenerator random) {
        if (!hasWeights) {
            return ScratchWeights.draw(config, parent.newSubManager(), random);
        }
        return loadWeights(WEIGHTS_FILE, parent, head, random);
    }

    /** As {@link #loadWeights(NDManager, OutputHead, RandomGenerator)}, from another file of the directory with the same names. */
    public Weights loadWeights(String fileName, NDManager parent, OutputHead head, RandomGenerator random) {
        Path path = directory.resolve(fileName);
        NDManager owner = parent.newSubManager();
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            WeightLoader loader = new WeightLoader(config, file, owner, random);
            Weights weights = loader.load(head);
            if (!loader.fresh().isEmpty()) {
                LOG.info("{} has no usable weights for {}: they start fresh", path, loader.fresh());
            }
            return weights;
        } catch (IOException e) {
            owner.close();
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /**
     * Gives the class scores of {@code weights} more rows.
     *
     * @param classes how many classes there are now
     * @param random source of the new rows
     */
    public void growHead(Weights weights, int classes, RandomGenerator random) {
        weights.grow(
                config.family().classificationHead().subList(2, 4),
                classes,
                random,
                config.shape().initializerRange());
    }

    /** Whether the checkpoint brings a masked-token head; without one its loss starts near ln(vocabulary). */
    public boolean hasTokenHead() {
        return hasWeights && holds(config.family().tokenHead());
    }

    /** Whether the checkpoint brings class scores. */
    boolean hasClassificationHead() {
        return holds(config.family().classificationHead());
    }

    private boolean holds(List<String> names) {
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(WEIGHTS_FILE))) {
            return WeightLoader.canonicalNames(config.family(), file).keySet().containsAll(names);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.resolve(WEIGHTS_FILE) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a checkpoint with these weights into an existing directory, next to this one's tokenizer.
     *
     * @param head what stands on the encoder
     * @param maxTokens longest example in training, stated for those who load it
     */
    public void write(Path target, Weights weights, OutputHead head, int maxTokens) throws IOException {
        Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(
                        target.resolve(EncoderConfig.FILE_NAME).toFile(),
                        config.with(head).json());
        tokenizer.write(target, config.shape().types() > 1, maxTokens);
        SafetensorsWriter.write(target.resolve(WEIGHTS_FILE), weights.byName());
    }

    EncoderConfig config() {
        return config;
    }
}
