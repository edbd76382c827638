package dev.holdfast.agents;

import dev.langchain4j.data.message.ChatMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * What one call does to a chat memory; journaled before it is done.
 *
 * @param memory the memory's id
 * @param before the digest of what the memory held when the call came to it
 * @param kept which messages of the snapshot stay at its beginning, by index
 * @param added the messages behind those, as JSON
 */
record MemoryChange(String memory, String before, List<Integer> kept, List<String> added) {
  /** Copies the lists. */
  MemoryChange {
    kept = List.copyOf(kept);
    added = List.copyOf(added);
  }

  /** The change from a snapshot to these messages. */
  static MemoryChange of(String memory, Snapshot snapshot, List<ChatMessage> after) {
    List<String> texts = Messages.write(after);
    var kept = new ArrayList<Integer>();
    int next = 0;
    for (int i = 0; i < snapshot.messages().size() && next < texts.size(); i++) {
      if (snapshot.messages().get(i).equals(texts.get(next))) {
        kept.add(i);
        next++;
      }
    }
    return new MemoryChange(memory, snapshot.digest(), kept, texts.subList(next, texts.size()));
  }

  /** All messages afterwards, as JSON. */
  List<String> after(Snapshot snapshot) {
    var texts = new ArrayList<String>();
    kept.forEach(index -> texts.add(snapshot.messages().get(index)));
    texts.addAll(added);
    return texts;
  }
}
