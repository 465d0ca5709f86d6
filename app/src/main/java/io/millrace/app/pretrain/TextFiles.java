package io.millrace.app.pretrain;

import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.LineSource;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.ingest.file.TextLine;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.store.Sha256;
import io.millrace.trainer.pretrain.TextSequence;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Texts of files, several times through, in the order of the files but shuffled block by block, so that no more than a block is in
 * memory. Each epoch reads every file once, from its first line to its last; one that begins in the middle skips the texts before.
 */
public final class TextFiles implements TextSequence {

    private static final int BLOCK = 10_000;

    private final List<DataFile> files;
    private final int epochs;
    private final long seed;
    private final long textsPerEpoch;
    private final String sha256;
    private final Opener opener;

    /** Opens a file for {@link Cursor}. */
    @FunctionalInterface
    interface Opener {
        LineSource open(DataFile file) throws IOException;
    }

    private TextFiles(List<DataFile> files, int epochs, long seed, Opener opener, Counted counted) {
        this.files = files;
        this.epochs = epochs;
        this.seed = seed;
        this.opener = opener;
        this.textsPerEpoch = counted.texts;
        this.sha256 = counted.sha256;
    }

    /** The result of reading all files once. */
    private record Counted(long texts, String sha256) {}

    /**
     * Reads all files once, to count their texts and to refuse a bad line before hours of training.
     *
     * @param epochs how often to go through them
     * @param seed of the shuffling
     */
    public static TextFiles open(List<DataFile> files, int epochs, long seed) throws IOException {
        return open(files, epochs, seed, MemoryBudget.ofThisProcess(), DataFile::lines);
    }

    /** As {@link #open(List, int, long)}, if every block fits into {@code budget}. */
    static TextFiles open(List<DataFile> files, int epochs, long seed, MemoryBudget budget, Opener opener)
            throws IOException {
        long count = 0;
        StringBuilder parts = new StringBuilder().append(epochs).append('\n');
        for (DataFile file : files) {
            if (!file.canBeReadTwice()) {
                throw new IllegalArgumentException(file
                        + " must be a file, because it is read several times, got a pipe. Save it as a file first.");
            }
            try (LineSource lines = opener.open(file)) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    if (count++ % BLOCK == 0) {
                        budget.restart();
                    }
                    budget.keep(parse(line, lines).text(), lines.position());
                }
            }
            parts.append(Sha256.of(Path.of(file.path()))).append('\n');
            if (file.format() != FileFormat.ofTexts(file.path())
                    || file.format().isTable()) {
                parts.append(file.reading()).append('\n');
            }
        }
        if (count == 0) {
            throw new IllegalArgumentException("the files " + files + " must hold at least one text, got none");
        }
        return new TextFiles(List.copyOf(files), epochs, seed, opener, new Counted(count, Sha256.of(parts.toString())));
    }

    private static UnlabelledText parse(byte[] line, LineSource lines) {
        String position = lines.position();
        lines.fault().ifPresent(fault -> {
            throw new IllegalArgumentException(position + ": " + fault.detail());
        });
        return TextLine.parse(line, position);
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public long size() {
        return textsPerEpoch * epochs;
    }

    @Override
    public Iterator<UnlabelledText> from(long place) {
        long blocksPerEpoch = (textsPerEpoch + BLOCK - 1) / BLOCK;
        long firstEpoch = place / textsPerEpoch;
        long inEpoch = place % textsPerEpoch;
        long firstBlock = firstEpoch * blocksPerEpoch + inEpoch / BLOCK;
        Cursor cursor = new Cursor();
        return LongStream.range(firstBlock, blocksPerEpoch * epochs)
                .boxed()
                .flatMap(block -> {
                    List<UnlabelledText> texts = cursor.block(block / blocksPerEpoch, block % blocksPerEpoch);
                    return texts.subList(block == firstBlock ? (int) (inEpoch % BLOCK) : 0, texts.size()).stream();
                })
                .iterator();
    }

    /** A position in the files: blocks are read in order, each from where the one before it ended. */
    private final class Cursor {

        private Iterator<DataFile> rest = Collections.emptyIterator();
        private @Nullable LineSource lines;
        private long place = Long.MAX_VALUE;

        List<UnlabelledText> block(long epoch, long block) {
            List<UnlabelledText> texts = new ArrayList<>();
            long first = block * BLOCK;
            try {
                if (place > first) {
                    rewind();
                }
                while (place < first + BLOCK && readNext(place >= first ? texts : null)) {
                    place++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + files + ": " + e.getMessage(), e);
            }
            Collections.shuffle(texts, new Random(seed * 1_000_003 + epoch * 1_009 + block));
            return texts;
        }

        private void rewind() throws IOException {
            close();
            rest = files.iterator();
            place = 0;
        }

        /** Reads the next text and adds it to {@code texts} unless that is null; false after the last. */
        private boolean readNext(@Nullable List<UnlabelledText> texts) throws IOException {
            while (rest.hasNext() || lines != null) {
                if (lines == null) {
                    lines = opener.open(rest.next());
                }
                byte[] line = lines.next();
                if (line != null) {
                    if (texts != null) {
                        texts.add(parse(line, lines));
                    }
                    return true;
                }
                close();
            }
            return false;
        }

        private void close() throws IOException {
            if (lines != null) {
                lines.close();
                lines = null;
            }
        }
    }
}
