package io.millrace.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.store.Sha256;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

import java.time.Duration;

/** Remembers every example as earlier versions did, in a window store of texts, and passes it on. */
final class FormerMemory extends ContextualFixedKeyProcessor<byte[], Candidate, Candidate> {

    static final String STORE = "seen-examples";

    private WindowStore<String, String> store;

    static StoreBuilder<WindowStore<String, String>> store(Duration window) {
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(STORE, window, window, false), Serdes.String(), Serdes.String());
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Candidate> context) {
        super.init(context);
        store = context.getStateStore(STORE);
    }

    @Override
    public void process(FixedKeyRecord<byte[], Candidate> record) {
        LabelledExample example =
                record.value().validation().accepted().orElseThrow().example();
        String task = TaskRegistry.name(record.key());
        String content = Sha256.of(TextFingerprint.contentOf(task, example));
        long nowMs = record.timestamp();
        store.put("id:" + task + "/" + example.id(), content, nowMs);
        store.put("content:" + content, example.id(), nowMs);
        context().forward(record);
    }
}
