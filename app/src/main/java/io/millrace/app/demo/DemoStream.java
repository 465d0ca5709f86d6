package io.millrace.app.demo;

import io.millrace.app.produce.ExampleProducer;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Sends the shipped stream, from where the last start stopped. Every record carries the number of its line, and the
 * producer keeps order without gaps: so the largest number in the topic says how many lines are there.
 */
final class DemoStream implements AutoCloseable {

    private static final String LINE_HEADER = "millrace.demo.line";

    private final ByteLines lines;
    private final ExampleProducer producer;
    private final WrongLabels wrong;
    private final long total;
    private long sent;

    private DemoStream(ByteLines lines, ExampleProducer producer, WrongLabels wrong, long total, long sent) {
        this.lines = lines;
        this.producer = producer;
        this.wrong = wrong;
        this.total = total;
        this.sent = sent;
    }

    /**
     * Opens the stream after the lines that are in the topic already.
     *
     * @param limit how many lines it has at most
     * @param wrong gives the lines with wrong labels, from the number of all lines
     */
    static DemoStream open(KafkaConnection kafka, long limit, LongFunction<WrongLabels> wrong) throws IOException {
        long present = linesIn(kafka);
        long total = Math.min(limit, countLines());
        ByteLines lines = DemoFiles.stream();
        for (long line = 0; line < Math.min(present, total); line++) {
            lines.next();
        }
        return new DemoStream(
                lines, new ExampleProducer(kafka, DemoFiles.TASK), wrong.apply(total), total, Math.min(present, total));
    }

    /** How many lines it has. */
    long total() {
        return total;
    }

    /** The lines that get a wrong label. */
    WrongLabels wrong() {
        return wrong;
    }

    /** How many of them have been sent, now or by an earlier start. */
    long sent() {
        return sent;
    }

    /** Whether all of them have been sent. */
    boolean atEnd() {
        return sent == total;
    }

    /** Sends up to {@code most} further lines; after the last it waits until all are acknowledged. */
    void sendSome(int most) throws IOException {
        for (int i = 0; i < most && !atEnd(); i++) {
            byte[] line = Objects.requireNonNull(lines.next(), "the stream has fewer lines than were counted");
            line = wrong.applyTo(line, sent);
            sent++;
            producer.send(line, List.of(lineHeader(sent)), lines.position());
        }
        if (atEnd()) {
            producer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        try (lines) {
            producer.close();
        }
    }

    /** The largest line number in the topic. */
    private static long linesIn(KafkaConnection kafka) {
        AtomicLong largest = new AtomicLong();
        TopicReader.readAll(kafka, Topics.EXAMPLES, example -> {
            Header line = example.headers().lastHeader(LINE_HEADER);
            if (line != null) {
                long number = Long.parseLong(new String(line.value(), StandardCharsets.US_ASCII));
                largest.accumulateAndGet(number, Math::max);
            }
        });
        return largest.get();
    }

    private static long countLines() throws IOException {
        try (ByteLines lines = DemoFiles.stream()) {
            long count = 0;
            while (lines.next() != null) {
                count++;
            }
            return count;
        }
    }

    private static Header lineHeader(long line) {
        return new RecordHeader(LINE_HEADER, Long.toString(line).getBytes(StandardCharsets.US_ASCII));
    }
}
