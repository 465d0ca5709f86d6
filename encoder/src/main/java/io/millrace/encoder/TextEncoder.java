package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The computation of one checkpoint's architecture on one device. Owns its kernels; the weights that it runs on are given.
 * Use it on one thread: libtorch keeps its switches per thread.
 */
public final class TextEncoder implements AutoCloseable {

    private final EncoderConfig config;
    private final boolean typed;
    private final NDManager owner;
    private final Compute compute;
    private final TorchScriptModule inference;
    private final DropoutMasks masks;
    private final DropoutMasks noMasks;
    private @Nullable TorchScriptModule training;

    private TextEncoder(EncoderCheckpoint checkpoint, NDManager owner, Compute compute) {
        this.config = checkpoint.config();
        this.typed = checkpoint.isTyped();
        this.owner = owner;
        this.compute = compute;
        this.masks = new DropoutMasks(config.shape(), config.dropout());
        this.noMasks = new DropoutMasks(config.shape(), EncoderConfig.Dropout.NONE);
        this.inference = load(EncoderConfig.Dropout.NONE);
    }

    /** Loads the kernels for a checkpoint's architecture. */
    public static TextEncoder open(EncoderCheckpoint checkpoint, Compute compute) {
        Device device = device(compute);
        // The profiling executor re-specialises for every new shape, and the number of packed tokens is new in every
        // step.
        JniUtils.setGraphExecutorOptimize(false);
        try (OpenedSoFar opened = new OpenedSoFar()) {
            NDManager owner = opened.add(NativeEngine.get().newBaseManager(device));
            TextEncoder encoder = new TextEncoder(checkpoint, owner, compute);
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
        int gpus = NativeEngine.get().getGpuCount();
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
        return TorchScriptModule.load(owner, "Encoder", KernelAttributes.of(config, dropout, compute.precision()));
    }

    /** Compiling the text takes a while, and many encoders only predict. */
    private TorchScriptModule training() {
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
        return TextBatch.pack(scope, texts, config.firstPosition(), typed);
    }

    /**
     * Passes with dropout, as in training. Have one alive at a time: all draw their masks from the newest one's generator.
     *
     * @param random source of the masks
     */
    public ForwardPass trainingPass(NDManager scope, Weights weights, RandomGenerator random) {
        masks.restart(random);
        return new ForwardPass(training(), scope, weights, masks, Optional.empty());
    }

    /**
     * As {@link #trainingPass(NDManager, Weights, RandomGenerator)}, on some rows of the word embedding alone.
     *
     * @param words the rows of {@code weights}
     * @param batches all that the passes read
     */
    public ForwardPass trainingPass(
            NDManager scope, Weights weights, WordRows words, List<TextBatch> batches, RandomGenerator random) {
        masks.restart(random);
        return new ForwardPass(training(), scope, weights, masks, Optional.of(words.begin(scope, batches)));
    }

    /** Passes without dropout. */
    public ForwardPass inferencePass(NDManager scope, Weights weights) {
        return new ForwardPass(inference, scope, weights, noMasks, Optional.empty());
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
