package io.millrace.encoder.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.Sha256;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a safetensors file: 8 bytes of header length (little endian), a JSON header, then the tensors' bytes. Nothing in it is
 * trusted: every size and offset is checked against the file before it is used. As the format demands, every byte after the
 * header must belong to exactly one tensor, and every tensor must appear once.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
public final class SafetensorsFile implements AutoCloseable {

    /** Room for ten times the tensors of the largest encoders. The format's own limit, 100 MB, could take gigabytes to parse. */
    private static final long MAX_HEADER_BYTES = 4 << 20;

    private static final String METADATA = "__metadata__";
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final ObjectReader HEADER =
            Json.mapper().reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final Comparator<TensorEntry> IN_FILE_ORDER =
            Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::bytes);

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;
    private ByteBuffer reused = ByteBuffer.allocateDirect(0);

    private SafetensorsFile(Path file, FileChannel channel, long dataStart, ObjectNode header) throws IOException {
        this.file = file;
        this.channel = channel;
        this.dataStart = dataStart;
        this.entries = entries(file, header, channel.size() - dataStart);
        this.metadata = metadata(header);
    }

    /** Opens a file and reads its header. The caller closes it. */
    public static SafetensorsFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long fileBytes = channel.size();
            long headerBytes = fileBytes < LENGTH_BYTES
                    ? -1
                    : read(channel, 0, LENGTH_BYTES).getLong();
            if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > fileBytes - LENGTH_BYTES) {
                throw new MalformedSafetensorsException(
                        file,
                        "a header of 2 to " + Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES) + " bytes",
                        headerBytes + " bytes");
            }
            byte[] header = new byte[(int) headerBytes];
            read(channel, LENGTH_BYTES, header.length).get(header);
            long dataStart = LENGTH_BYTES + headerBytes;
            return new SafetensorsFile(file, channel, dataStart, header(file, header));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static ObjectNode header(Path file, byte[] header) {
        JsonNode json;
        try {
            json = HEADER.readTree(header);
        } catch (JsonProcessingException e) {
            throw new MalformedSafetensorsException(file, "a JSON header", e.getOriginalMessage());
        } catch (IOException e) {
            throw new MalformedSafetensorsException(file, "a JSON header", e.toString());
        }
        if (!(json instanceof ObjectNode object)) {
            throw new MalformedSafetensorsException(
                    file, "a JSON object as header", String.valueOf(json.getNodeType()));
        }
        return object;
    }

    private static Map<String, String> metadata(ObjectNode header) {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.path(METADATA).properties()) {
            metadata.put(field.getKey(), field.getValue().asText());
        }
        return metadata;
    }

    private static Map<String, TensorEntry> entries(Path file, ObjectNode header, long dataBytes) {
        Map<String, TensorEntry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals(METADATA)) {
                entries.put(field.getKey(), TensorEntry.of(file, field.getKey(), field.getValue(), dataBytes));
            }
        }
        requireWhole(file, entries, dataBytes);
        return entries;
    }

    private static void requireWhole(Path file, Map<String, TensorEntry> entries, long dataBytes) {
        long free = 0;
        for (Map.Entry<String, TensorEntry> entry : entries.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getValue, IN_FILE_ORDER))
                .toList()) {
            if (entry.getValue().begin() < free) {
                throw new MalformedSafetensorsException(
                        file, entry.getKey() + " behind byte " + free, "an overlap with another tensor");
            }
            if (entry.getValue().begin() > free) {
                throw new MalformedSafetensorsException(
                        file, "a tensor at byte " + free, "none before " + entry.getKey());
            }
            free = entry.getValue().begin() + entry.getValue().bytes();
        }
        if (free < dataBytes) {
            throw new MalformedSafetensorsException(
                    file, free + " bytes behind the header", dataBytes + ", of which the last belong to no tensor");
        }
    }

    /** Every tensor by name, in the order of the header. */
    public Map<String, TensorEntry> entries() {
        return entries;
    }

    /** The file's metadata. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** A tensor's values widened to 32-bit floats, in a direct buffer of the machine's byte order. */
    public ByteBuffer floats(String name) throws IOException {
        TensorEntry entry = entry(name);
        return read(entry, ByteBuffer.allocateDirect(floatBytes(name, entry)));
    }

    /** A tensor's values as an array of {@code owner}, in memory that libtorch owns. */
    public NDArray array(NDManager owner, String name) throws IOException {
        TensorEntry entry = entry(name);
        int bytes = floatBytes(name, entry);
        if (reused.capacity() < bytes) {
            reused = ByteBuffer.allocateDirect(bytes);
        }
        return array(owner, read(entry, reused.duplicate().clear().limit(bytes).slice()), entry.shape());
    }

    /** A tensor that must be there. */
    public TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new MalformedSafetensorsException(file, "a tensor " + name, "none of that name");
        }
        return entry;
    }

    /** Hash of a tensor's bytes, to compare it with another. Hexadecimal. */
    public String sha256(String name) throws IOException {
        TensorEntry entry = entry(name);
        MessageDigest digest = Sha256.digest();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, entry.bytes()));
        for (long done = 0; done < entry.bytes(); done += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), entry.bytes() - done));
            digest.update(readFully(channel, dataStart + entry.begin() + done, chunk));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private int floatBytes(String name, TensorEntry entry) {
        long numbers = entry.bytes() / entry.type().bytes();
        if (numbers > Integer.MAX_VALUE / Float.BYTES) {
            throw new MalformedSafetensorsException(
                    file, name + " of less than 2 GiB in 32-bit floats", Arrays.toString(entry.shape()));
        }
        return (int) numbers * Float.BYTES;
    }

    /** The file is read and not mapped: a mapping would hold the disk blocks of a deleted checkpoint until a garbage collection. */
    private ByteBuffer read(TensorEntry entry, ByteBuffer target) throws IOException {
        ByteBuffer wide = target.order(ByteOrder.nativeOrder());
        FloatBuffer floats = wide.asFloatBuffer();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, entry.bytes()));
        for (long done = 0; done < entry.bytes(); done += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), entry.bytes() - done));
            readFully(channel, dataStart + entry.begin() + done, chunk);
            entry.type().widen(chunk.order(ByteOrder.LITTLE_ENDIAN), floats);
        }
        return wide;
    }

    /** An array made from a Java buffer shares its memory; the duplicate does not. */
    public static NDArray array(NDManager owner, ByteBuffer floats, long... shape) {
        try (GradMode off = GradMode.off();
                NDArray shared = owner.create(floats, new Shape(shape), DataType.FLOAT32)) {
            return shared.duplicate();
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        return readFully(channel, position, ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    private static ByteBuffer readFully(FileChannel channel, long position, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the file ended while it was read");
            }
        }
        return buffer.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
