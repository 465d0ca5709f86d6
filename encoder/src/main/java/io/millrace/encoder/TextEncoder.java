package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The computation of one checkpoint's architecture on one device. Owns its kernels; the weights that it runs on are given.
 * Open and close it on one thread. Passes may run on several at once, each under a manager of its own.
 */
public final class TextEncoder implements AutoCloseable {

    /** Passes in bf16 have whole multiples of rows, so that few sizes of matrices occur. */
    static final int ROWS_AT_ONCE = 16;

    private final EncoderConfig config;
    private final boolean typed;
    private final NDManager owner;
    private final Compute compute;
    private final TorchScriptModule inference;
    private final DropoutMasks noMasks;
    private final int rowsAtOnce;
    private final Adaptation adapters;
    private final List<Places.Place> places;
    private final Uploads uploads;
    private final Optional<DropoutMasks.OnDevice> masksOnDevice;
    private @Nullable TorchScriptModule training;

    private TextEncoder(EncoderCheckpoint checkpoint, NDManager owner, Compute compute, Tuning tuning) {
        this.config = checkpoint.config();
        this.adapters = Adaptation.of(config, tuning);
        this.places = Places.of(config, !adapters.isEmpty());
        this.typed = checkpoint.isTyped();
        this.owner = owner;
        this.rowsAtOnce =
                compute.precision() == Precision.BF16 && config.blocks().readsSome() ? ROWS_AT_ONCE : 1;
        this.compute = compute;
        this.noMasks = DropoutMasks.none(config.shape());
        this.uploads = Uploads.of(owner);
        this.masksOnDevice =
                owner.getDevice().isGpu() ? Optional.of(DropoutMasks.OnDevice.load(owner, uploads)) : Optional.empty();
        this.inference = load(EncoderConfig.Dropout.NONE);
    }

    /** Loads the kernels for a checkpoint's architecture. */
    public static TextEncoder open(EncoderCheckpoint checkpoint, Compute compute) {
        return open(checkpoint, compute, Tuning.FULL);
    }

    /** As {@link #open(EncoderCheckpoint, Compute)}, for weights that were loaded for the same tuning. */
    public static TextEncoder open(EncoderCheckpoint checkpoint, Compute compute, Tuning tuning) {
        Device device = device(compute);
        try (OpenedSoFar opened = new OpenedSoFar()) {
            NDManager owner = opened.add(NativeEngine.get().newBaseManager(device));
            TextEncoder encoder = new TextEncoder(checkpoint, owner, compute, tuning);
            opened.keep();
            return encoder;
        }
    }

    /**
     * Checks, at the start of a service, that the device is there.
     *
     * @throws IllegalArgumentException if it is not; the message names {@code compute.device}
     */
    public static void requireDevice(Compute compute) {
        // The others are always there: for them, PyTorch need not be loaded yet.
        if (compute.device().startsWith("cuda:")) {
            Device unused = device(compute);
        }
    }

    private static Device device(Compute compute) {
        int gpus = NativeEngine.gpus();
        if (compute.device().equals("auto")) {
            return gpus > 0 ? Device.gpu(0) : Device.cpu();
        }
        if (compute.device().equals("cpu")) {
            return Device.cpu();
        }
        int gpu = Integer.parseInt(compute.device().substring("cuda:".length()));
        if (gpu >= gpus) {
            throw new IllegalArgumentException("compute.device is " + compute.device() + ", but PyTorch sees " + gpus
                    + " GPUs. Use auto or cpu, or give libtorch for CUDA as docs/encoder.md says.");
        }
        return Device.gpu(gpu);
    }

    private TorchScriptModule load(EncoderConfig.Dropout dropout) {
        return TorchScriptModule.load(
                owner,
                "Encoder",
                KernelAttributes.of(config, dropout, compute.precision(), rowsAtOnce, adapters, owner.getDevice()));
    }

    /** Compiling the text takes a while, and many encoders only predict. The first of several threads does it. */
    private synchronized TorchScriptModule training() {
        if (training == null) {
            training = load(config.dropout());
        }
        return training;
    }

    /** The root of the native memory on the encoder's device: weights and steps take their managers below it. */
    public NDManager manager() {
        return owner;
    }

    /** Packs examples for this encoder under {@code scope}. */
    public TextBatch pack(NDManager scope, List<TokenizedText> texts) {
        Uploads.Upload upload = uploads.to(scope);
        Supplier<TextBatch> batch = pack(upload, texts);
        upload.send();
        return batch.get();
    }

    /** As {@link #pack(NDManager, List)}, with arrays that travel with others; the batch is there once {@code upload} is sent. */
    public Supplier<TextBatch> pack(Uploads.Upload upload, List<TokenizedText> texts) {
        return TextBatch.pack(uploads, upload, texts, config.firstPosition(), typed);
    }

    /** How arrays of Java come to the encoder's device. */
    public Uploads uploads() {
        return uploads;
    }

    /** Brings weights that are trained into the form in which a step's passes read them. */
    public StepWeights prepare(NDManager step, StepWeights.Trained trained) {
        return new StepWeights(inference, places, step, trained);
    }

    /** As {@link #prepare(NDManager, StepWeights.Trained)}, of weights that are constants. */
    public StepWeights prepare(NDManager step, Weights constants) {
        return new StepWeights(inference, places, step, constants);
    }

    /**
     * Passes with dropout, as in training.
     *
     * @param scope manager of their results; it lives no longer than the step
     * @param random source of the dropout masks
     */
    public ForwardPass trainingPass(NDManager scope, StepWeights weights, RandomGenerator random) {
        if (!isDivisible()) {
            NativeEngine.get().setRandomSeed(random.nextInt());
        }
        return new ForwardPass(
                training(),
                scope,
                new DropoutMasks(config.shape(), config.dropout(), rowsAtOnce, random, masksOnDevice),
                weights.view(scope),
                new ForwardPass.Of(config.blocks(), uploads, adapters));
    }

    /**
     * Whether parts of a mini-batch can be trained at once. Some dropout is drawn by libtorch, which has one random stream for all
     * threads.
     */
    public boolean isDivisible() {
        EncoderConfig.Dropout dropout = config.dropout();
        return dropout.embedding() == 0
                && dropout.output() == 0
                && dropout.inner() == 0
                && (dropout.hidden() == 0 || config.blocks().attention().get(0).distances() == 0);
    }

    /** Passes without dropout. */
    public ForwardPass inferencePass(NDManager scope, StepWeights weights) {
        return new ForwardPass(
                inference,
                scope,
                noMasks,
                weights.view(scope),
                new ForwardPass.Of(config.blocks(), uploads, Adaptation.NONE));
    }

    /** Passes without dropout on weights that are constants. */
    public ForwardPass inferencePass(NDManager scope, Weights weights) {
        return inferencePass(scope, prepare(scope, weights));
    }

    /** A training pass's weights, as they are, without dropout. */
    public ForwardPass withoutDropout(ForwardPass pass) {
        return pass.with(inference, noMasks);
    }

    @Override
    public void close() {
        owner.close();
    }
}
