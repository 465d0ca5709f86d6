package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.schemas.store.DirectoryTree;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What happens to a mini-batch of 32 short texts before the first product of matrices, and to weights on their way to a checkpoint. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MiniBatchPieces {

    private static final int TEXTS = 32;
    private static final int MAX_TOKENS = 64;

    /** A matrix of this many rows of 1,024 numbers of four bytes: 16 MiB. */
    private static final int ROWS = 4096;

    private final List<TextInput> inputs = IntStream.range(0, TEXTS)
            .mapToObj(i -> new TextInput(
                    i % 2 == 0
                            ? "could you put a stop on my bank account, please"
                            : "book a flight from tampa, fl to baltimore, md on 11 february 2019",
                    null))
            .toList();
    private NDManager manager;
    private TextTokenizer tokenizer;
    private List<TokenizedText> tokenized;
    private NDArray weights;
    private Path directory;

    @Setup
    public void open() throws IOException {
        manager = NDManager.newBaseManager("PyTorch");
        tokenizer = EncoderCheckpoint.read(Path.of(System.getProperty("millrace.encoder")))
                .openTokenizer(MAX_TOKENS);
        tokenized = tokenizer.tokenize(inputs);
        weights = manager.randomNormal(new Shape(ROWS, 1024));
        directory = Files.createTempDirectory("millrace-jmh");
    }

    @TearDown
    public void close() throws IOException {
        tokenizer.close();
        manager.close();
        DirectoryTree.delete(directory);
    }

    /** Texts to token ids. */
    @Benchmark
    public List<TokenizedText> tokenize() {
        return tokenizer.tokenize(inputs);
    }

    /** Token ids end to end, with their positions and the borders of the texts, as tensors. */
    @Benchmark
    public int pack() {
        try (NDManager scope = manager.newSubManager()) {
            return TextBatch.pack(scope, tokenized, 0, /* typed */ true).tokens();
        }
    }

    /** 16 MiB of weights to a new file, which is deleted again. */
    @Benchmark
    public void writeSafetensors() throws IOException {
        Path file = directory.resolve("model.safetensors");
        SafetensorsWriter.write(file, Map.of("weights", weights));
        Files.delete(file);
    }
}
