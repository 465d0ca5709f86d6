package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.AdapterConfig;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizerFiles;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.FrozenWeights;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
    private final Optional<StoredTensors> weights;
    private final Optional<OutputHead> head;
    private final Optional<StoredAdapter> adapter;

    private EncoderCheckpoint(Path directory, EncoderConfig config, Path tokenizer, Optional<StoredTensors> weights) {
        this.directory = directory;
        this.config = config;
        this.weights = weights;
        this.adapter = weights.filter(stored -> stored.path().endsWith(WeightFiles.ADAPTER_FILE))
                .map(stored -> StoredAdapter.of(directory, config, stored));
        this.head = weights.flatMap(stored -> headOf(config, stored));
        this.tokenizer = TokenizerFiles.read(tokenizer, config);
        this.tokenizer.requireRows(config);
    }

    /**
     * Reads a checkpoint directory and checks all of it: the kernels must support its configuration, every weight must have the shape
     * that the configuration gives it, and every token must have a row in the embedding. {@link #loadWeights} reads the numbers. Weights
     * in parts have {@code model.safetensors.index.json} in place of {@code model.safetensors}. The directory may also hold an adapter in the
     * layout of Hugging Face PEFT, which is merged into its encoder when weights are loaded; files that it lacks are taken from the encoder's.
     *
     * @throws UnusableCheckpointException if a check fails
     */
    public static EncoderCheckpoint read(Path directory) {
        return read(
                directory,
                List.of(
                        EncoderConfig.FILE_NAME,
                        WeightFiles.in(directory).getFileName().toString(),
                        TextTokenizer.FILE_NAME));
    }

    /** As {@link #read}, but the weights may be missing: then {@link #loadWeights} draws an encoder that was never trained. */
    public static EncoderCheckpoint readUntrained(Path directory) {
        return read(directory, List.of(EncoderConfig.FILE_NAME, TextTokenizer.FILE_NAME));
    }

    private static EncoderCheckpoint read(Path directory, List<String> required) {
        boolean adapts = WeightFiles.in(directory).endsWith(WeightFiles.ADAPTER_FILE);
        Path encoder = adapts ? AdapterConfig.read(directory).base() : directory;
        for (String name : required) {
            if (!Files.isRegularFile(holder(directory, encoder, name).resolve(name))) {
                throw new UnusableCheckpointException(directory + " is no usable checkpoint: it has no " + name
                        + ". Give the directory of a Hugging Face checkpoint with " + String.join(" and ", required)
                        + ".");
            }
        }
        EncoderConfig config = EncoderConfig.read(holder(directory, encoder, EncoderConfig.FILE_NAME));
        Path weights = WeightFiles.in(directory);
        WeightFiles.requireFrozen(directory);
        return new EncoderCheckpoint(
                directory,
                config,
                holder(directory, encoder, TextTokenizer.FILE_NAME),
                Files.isRegularFile(weights)
                        ? Optional.of(StoredTensors.read(config.architecture(), weights))
                        : Optional.empty());
    }

    /** Where a file of the checkpoint in {@code directory} is, weights excepted: an adapter leaves to its encoder what it lacks. */
    public static Path fileOf(Path directory, String name) {
        boolean adapts = WeightFiles.in(directory).endsWith(WeightFiles.ADAPTER_FILE);
        return holder(directory, adapts ? AdapterConfig.read(directory).base() : directory, name)
                .resolve(name);
    }

    /** The directory that a file is taken from: that of an adapter, or else that of its encoder. */
    private static Path holder(Path directory, Path encoder, String name) {
        return Files.isRegularFile(directory.resolve(name)) ? directory : encoder;
    }

    /** Determines the head, and checks the shape of every weight. */
    private static Optional<OutputHead> headOf(EncoderConfig config, StoredTensors stored) {
        requireShapes(stored, Slots.body(config));
        if (stored.hold(Slots.names(Slots.tokenHead(config)))) {
            requireShapes(stored, Slots.tokenHead(config));
        }
        List<Slot> dense = Slots.headDense(config);
        if (Slots.names(dense).stream().anyMatch(stored.tensors()::containsKey)) {
            requireShapes(stored, dense);
        }
        List<String> scores = Slots.names(Slots.headScores(config, 1));
        if (!stored.hold(Slots.names(dense)) || !stored.hold(scores)) {
            return Optional.empty();
        }
        Optional<OutputHead> head = config.head(stored.rows(scores.get(0)));
        if (head.isPresent()) {
            requireShapes(stored, Slots.headScores(config, head.get().outputs()));
        }
        return head;
    }

    private static void requireShapes(StoredTensors stored, List<Slot> slots) {
        slots.stream().filter(slot -> slot.role() != Slot.Role.ABSENT).forEach(stored::stored);
    }

    /** The files that hold the weights of a directory, in a fixed order: one, or the parts of a large encoder; none if there are none. */
    public static List<Path> weightFiles(Path directory) {
        return WeightFiles.of(directory);
    }

    /** The head that the weights have for a task, if any. */
    public Optional<OutputHead> head() {
        return head;
    }

    /** The start of a task's head. */
    public HeadStart startOf(OutputHead wanted) {
        return HeadStart.of(wanted, head);
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
        return TextTokenizer.open(tokenizer, maxTokens);
    }

    /**
     * Loads the weights for an encoder with {@code wanted}. {@link #startOf} says which rows of the checkpoint's head are used; the others
     * are drawn from {@code random}. So is the masked-token head, if the checkpoint has none.
     *
     * @param parent manager, on the device, below which the weights get their own
     */
    public Weights loadWeights(NDManager parent, OutputHead wanted, RandomGenerator random) {
        if (weights.isEmpty()) {
            NDManager owner = parent.newSubManager();
            return new WeightInitializer(owner, random, config.shape().initializerRange()).encoder(config);
        }
        return load(parent, wanted, random, adapter);
    }

    /**
     * Loads the weights as a tuning trains them. The numbers are those that {@link #loadWeights} gives. New adapters change none of them; an
     * adapter of the checkpoint is part of the frozen weights then, unless training goes on with it.
     *
     * @param part what is trained
     * @param random source of new weights of heads
     * @param ofAdapters source of new adapters
     */
    public Weights loadWeights(
            NDManager parent, OutputHead wanted, TrainedPart part, RandomGenerator random, RandomGenerator ofAdapters) {
        requireTuning(part.tuning());
        if (!part.tuning().isPartial()) {
            return loadWeights(parent, wanted, random);
        }
        boolean goesOn = part.resumes() && adapter.isPresent();
        Weights base = load(parent, wanted, random, goesOn ? Optional.empty() : adapter);
        Adaptation adaptation = Adaptation.of(config, part.tuning());
        return base.adapted(
                adapters(base.owner(), adaptation, goesOn, ofAdapters), name -> !part.trains(config, weights, name));
    }

    private Map<String, NDArray> adapters(
            NDManager owner, Adaptation adaptation, boolean goesOn, RandomGenerator random) {
        if (!goesOn) {
            return new WeightInitializer(owner, random, 0).adapters(adaptation);
        }
        try (WeightFiles files = WeightFiles.open(WeightFiles.in(directory))) {
            return adapter.orElseThrow().matrices(owner, files, adaptation);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a tuning that this encoder cannot have.
     *
     * @throws IllegalArgumentException if a target matches nothing, or it has fewer layers
     */
    public void requireTuning(Tuning tuning) {
        Adaptation unused = Adaptation.of(config, tuning);
        int layers = config.shape().layers();
        if (tuning.layers() != null && tuning.mode() == Tuning.Mode.LAYERS && tuning.layers() > layers) {
            throw new IllegalArgumentException("training.tuning.layers must be at most the " + layers
                    + " layers of the encoder in " + directory + ", got " + tuning.layers()
                    + ". Train fewer, or use tuning full.");
        }
    }

    private Weights load(NDManager parent, OutputHead wanted, RandomGenerator random, Optional<StoredAdapter> merged) {
        Path path = WeightFiles.in(directory);
        NDManager owner = parent.newSubManager();
        try (WeightFiles files = WeightFiles.open(path)) {
            StoredTensors stored = StoredTensors.of(config.architecture(), path, files);
            WeightLoader loader = new WeightLoader(config, files, stored, owner, random, merged);
            Weights loaded = loader.load(startOf(wanted));
            if (!loader.fresh().isEmpty()) {
                LOG.info("{} has no usable weights for {}: they start fresh", path, loader.fresh());
            }
            return loaded;
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
                Slots.names(Slots.headScores(config, classes)),
                classes,
                random,
                config.shape().initializerRange());
    }

    /** Names of the weights, among those that {@link #loadWeights} gave, that the checkpoint does not hold: they were drawn. */
    public List<String> missing(Weights loaded) {
        return loaded.byName().keySet().stream()
                .filter(name -> weights.isEmpty() || !weights.get().hold(List.of(name)))
                .toList();
    }

    /** Whether the checkpoint has a masked-token head; without one its loss starts near ln(vocabulary). */
    public boolean hasTokenHead() {
        return canPredictTokens()
                && weights.isPresent()
                && weights.get().hold(Slots.names(Slots.tokenHead(config)))
                && (!config.architecture().names().sharesHead()
                        || weights.get().hold(Slots.names(Slots.headDense(config))));
    }

    /** Whether the family has a masked-token head at all, stored or fresh. */
    public boolean canPredictTokens() {
        return !config.architecture().names().tokenHead().isEmpty();
    }

    /**
     * Refuses a method that predicts masked tokens where the family has no head for them.
     *
     * @param wanted what asks for it, as the user knows it
     * @throws UnusableCheckpointException if there is none
     */
    public void requireTokenHead(String wanted) {
        if (!canPredictTokens()) {
            throw new UnusableCheckpointException(directory + ": " + wanted + " predicts masked tokens, but the family "
                    + config.architecture().modelType()
                    + " is pre-trained without a masked-token head. Use a method without masked tokens, or an encoder of another"
                    + " model_type.");
        }
    }

    /** Whether the checkpoint has weights, those of an encoder at least. */
    public boolean hasWeights() {
        return weights.isPresent();
    }

    /**
     * Whether somebody has trained the masked-token head. Every checkpoint that is written has one, also after training that never read
     * it: such a head still has the biases and norms that a head is drawn with, all of them 0 or all of them 1.
     */
    public boolean hasTrainedTokenHead() {
        return hasTokenHead() && StoredTokenHead.isTrained(config, weights.orElseThrow());
    }

    /** How good its masked-token head is on held-out texts, if its weights are those that a pre-training has measured. */
    public Optional<MaskedTokenScore> maskedTokenScore() {
        return MaskedTokenScore.ofWeights(directory);
    }

    /** Number of token ids. */
    public int vocabulary() {
        return config.vocabulary();
    }

    /**
     * Writes a checkpoint with these weights into an existing directory, next to this one's tokenizer.
     *
     * @param written the head of the weights
     * @param maxTokens longest example in training, written down for the next reader
     */
    public void write(Path target, Weights trained, OutputHead written, int maxTokens) throws IOException {
        writeConfigs(target, config.with(written), maxTokens);
        SafetensorsWriter.write(target.resolve(WEIGHTS_FILE), trained.byName());
    }

    /** The hash and size of the file that the frozen weights of {@code trained} are stored in. */
    public FrozenWeights frozen(Weights trained) {
        return FrozenFile.of(storedFrozen(trained));
    }

    /** The frozen weights, without a masked-token head that was drawn and that nobody trains. */
    private Map<String, NDArray> storedFrozen(Weights trained) {
        Map<String, NDArray> frozen = trained.frozen();
        frozen.keySet().removeAll(missing(trained));
        return frozen;
    }

    /**
     * Writes what was trained alone, as a checkpoint for {@link #read}, into an existing directory, and stores the frozen weights beside that
     * directory, unless they are there.
     *
     * @param tuning under which it was trained
     * @param frozen what {@link #frozen} gave, now or when the weights were first written
     */
    public void writeTrained(
            Path target, Weights trained, OutputHead written, int maxTokens, Tuning tuning, FrozenWeights frozen)
            throws IOException {
        EncoderConfig headed = config.with(written);
        Map<String, NDArray> stored = storedFrozen(trained);
        FrozenFile.store(target, frozen, stored, headed);
        writeConfigs(target, headed, maxTokens);
        new TrainedFiles(config, tuning, frozen).write(target, trained, stored.keySet());
    }

    /** Writes the whole model into an existing directory: frozen and trained weights together, adapters merged into their matrices. */
    public void writeWhole(Path target) throws IOException {
        try (NDManager memory = NativeEngine.get().newBaseManager(Device.cpu());
                Weights whole = loadWeights(memory, head.orElse(OutputHead.none()), new Random(0))) {
            Map<String, NDArray> stored = whole.byName();
            stored.keySet().removeAll(missing(whole));
            writeConfigs(target, config.with(head.orElse(OutputHead.none())), trainedMaxTokens());
            SafetensorsWriter.write(target.resolve(WEIGHTS_FILE), stored);
        }
    }

    private void writeConfigs(Path target, EncoderConfig written, int maxTokens) throws IOException {
        Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(target.resolve(EncoderConfig.FILE_NAME).toFile(), written.json());
        tokenizer.write(target, maxTokens);
    }

    /** Whether the encoder tells the texts of a pair apart by type. */
    boolean isTyped() {
        return config.shape().types() > 1 && tokenizer.givesTypes();
    }

    EncoderConfig config() {
        return config;
    }
}
