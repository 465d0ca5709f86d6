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
    private final HeldOutSample heldOut;
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
        this.textsPerEpoch = counted.heldOut.remaining();
        this.sha256 = counted.sha256;
        this.heldOut = counted.heldOut;
    }

    /** The result of reading all files once. */
    private record Counted(HeldOutSample heldOut, String sha256) {}

    /**
     * Reads all files once, to count their texts and to refuse a bad line before hours of training.
     *
     * @param epochs how often to go through them
     * @param seed of the shuffling
     * @param heldOutShare share of the texts that no epoch has; 0 for none
     */
    public static TextFiles open(List<DataFile> files, int epochs, long seed, double heldOutShare) throws IOException {
        return open(files, epochs, seed, heldOutShare, MemoryBudget.ofThisProcess(), DataFile::lines);
    }

    /** As {@link #open(List, int, long, double)}, if every block fits into {@code budget}. */
    static TextFiles open(
            List<DataFile> files, int epochs, long seed, double heldOutShare, MemoryBudget budget, Opener opener)
            throws IOException {
        long count = 0;
        HeldOutSample heldOut = new HeldOutSample(heldOutShare);
        StringBuilder parts = new StringBuilder()
                .append(epochs)
                .append(' ')
                .append(heldOutShare)
                .append('\n');
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
                    String text = parse(line, lines).text();
                    budget.keep(text, lines.position());
                    heldOut.add(text);
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
        requireBoth(files, heldOut, heldOutShare, count);
        return new TextFiles(
                List.copyOf(files), epochs, seed, opener, new Counted(heldOut, Sha256.of(parts.toString())));
    }

    private static void requireBoth(List<DataFile> files, HeldOutSample heldOut, double share, long count) {
        if (share > 0 && (heldOut.texts().isEmpty() || heldOut.remaining() == 0)) {
            throw new IllegalArgumentException(
                    "the files " + files + " must hold texts to train on and others to test on, got "
                            + count + " texts with a held-out share of " + share + ": " + heldOut.remaining()
                            + " are left to train on, "
                            + heldOut.texts().size() + " to test on. Give more texts or another share.");
        }
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
    public long textsPerEpoch() {
        return textsPerEpoch;
    }

    @Override
    public List<String> heldOut() {
        return heldOut.texts();
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
                for (UnlabelledText text = next(first); text != null; text = next(first)) {
                    if (place++ >= first) {
                        texts.add(text);
                    }
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

        /** The next text that is not held out; null after the last, and after the last of the block that begins at {@code first}. */
        private @Nullable UnlabelledText next(long first) throws IOException {
            while (place < first + BLOCK && (rest.hasNext() || lines != null)) {
                if (lines == null) {
                    lines = opener.open(rest.next());
                }
                byte[] line = lines.next();
                if (line == null) {
                    close();
                } else {
                    UnlabelledText text = parse(line, lines);
                    if (!heldOut.holds(text.text())) {
                        return text;
                    }
                }
            }
            return null;
        }

        private void close() throws IOException {
            if (lines != null) {
                lines.close();
                lines = null;
            }
        }
    }
}
