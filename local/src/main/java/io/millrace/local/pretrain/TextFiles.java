package io.millrace.local.pretrain;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.local.produce.ByteLines;
import io.millrace.local.produce.MemoryBudget;
import io.millrace.schemas.Json;
import io.millrace.schemas.Sha256;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.pretrain.TextSequence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Texts of files, several times through, in the order of the files but shuffled block by block, so that no more than a block is in
 * memory. Files of JSON lines hold one {@code {"text": ...}} a line, other files one text a line; both may be gzipped.
 */
public final class TextFiles implements TextSequence {

    private static final int BLOCK = 10_000;

    private final List<Path> files;
    private final int epochs;
    private final long seed;
    private final long textsAnEpoch;
    private final String sha256;

    private TextFiles(List<Path> files, int epochs, long seed, long textsAnEpoch, String sha256) {
        this.files = files;
        this.epochs = epochs;
        this.seed = seed;
        this.textsAnEpoch = textsAnEpoch;
        this.sha256 = sha256;
    }

    /**
     * Reads all files once, to count their texts and to refuse a bad line before hours of training.
     *
     * @param epochs how often to go through them
     * @param seed of the shuffling
     */
    public static TextFiles open(List<Path> files, int epochs, long seed) throws IOException {
        return open(files, epochs, seed, MemoryBudget.ofThisProcess());
    }

    /** As {@link #open(List, int, long)}, if every block fits into {@code budget}. */
    static TextFiles open(List<Path> files, int epochs, long seed, MemoryBudget budget) throws IOException {
        long count = 0;
        StringBuilder parts = new StringBuilder().append(epochs).append('\n');
        for (Path file : files) {
            try (ByteLines lines = ByteLines.of(file)) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    if (count++ % BLOCK == 0) {
                        budget.restart();
                    }
                    budget.keep(parse(file, line, lines.position()).text(), lines.position());
                }
            }
            parts.append(Sha256.of(file)).append('\n');
        }
        if (count == 0) {
            throw new IllegalArgumentException("the files " + files + " must hold at least one text, got none");
        }
        return new TextFiles(List.copyOf(files), epochs, seed, count, Sha256.of(parts.toString()));
    }

    private static UnlabelledText parse(Path file, byte[] line, String position) throws IOException {
        String name = file.getFileName().toString();
        if (!name.endsWith(".jsonl") && !name.endsWith(".jsonl.gz")) {
            return new UnlabelledText(position, new String(line, StandardCharsets.UTF_8));
        }
        try {
            UnlabelledText text = Json.mapper().readValue(line, UnlabelledText.class);
            if (text != null && text.text() != null && !text.text().isBlank()) {
                return text;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    position + " must be a JSON object with a text: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(position + " must be a JSON object with a text that is not blank");
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public long size() {
        return textsAnEpoch * epochs;
    }

    @Override
    public Iterator<UnlabelledText> from(long place) {
        long blocksAnEpoch = (textsAnEpoch + BLOCK - 1) / BLOCK;
        long firstEpoch = place / textsAnEpoch;
        long inEpoch = place % textsAnEpoch;
        long firstBlock = firstEpoch * blocksAnEpoch + inEpoch / BLOCK;
        return LongStream.range(firstBlock, blocksAnEpoch * epochs)
                .boxed()
                .flatMap(block -> {
                    List<UnlabelledText> texts = block(block / blocksAnEpoch, block % blocksAnEpoch);
                    return texts.subList(block == firstBlock ? (int) (inEpoch % BLOCK) : 0, texts.size()).stream();
                })
                .iterator();
    }

    private List<UnlabelledText> block(long epoch, long block) {
        List<UnlabelledText> texts = new ArrayList<>();
        long first = block * BLOCK;
        long place = 0;
        try {
            for (Path file : files) {
                try (ByteLines lines = ByteLines.of(file)) {
                    for (byte[] line = lines.next(); line != null && place < first + BLOCK; line = lines.next()) {
                        if (place++ >= first) {
                            texts.add(parse(file, line, lines.position()));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + files + ": " + e.getMessage(), e);
        }
        Collections.shuffle(texts, new Random(seed * 1_000_003 + epoch * 1_009 + block));
        return texts;
    }
}
