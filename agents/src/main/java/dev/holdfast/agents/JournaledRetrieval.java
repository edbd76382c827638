package dev.holdfast.agents;

import dev.holdfast.kernel.Effect;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.AugmentationRequest;
import dev.langchain4j.rag.AugmentationResult;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Retrieval of an adopted agent: within a run it happens once, as one step.
 *
 * <p>Its parts come in the order of a hash table, which differs from one try to the next.
 */
record JournaledRetrieval(RetrievalAugmentor augmentor, Adoption adoption)
    implements RetrievalAugmentor {
  /** What was found; journaled. */
  record Found(String message, List<Part> parts) {
    /** Copies the parts. */
    Found {
      parts = List.copyOf(parts);
    }
  }

  /** One piece of what was found. */
  record Part(String text, Map<String, Object> metadata, Map<String, Object> scores) {
    static Part of(Content content) {
      var scores = new TreeMap<String, Object>();
      content.metadata().forEach((key, value) -> scores.put(key.name(), value));
      return new Part(
          content.textSegment().text(),
          new TreeMap<>(content.textSegment().metadata().toMap()),
          scores);
    }

    Content content() {
      var known = new EnumMap<ContentMetadata, Object>(ContentMetadata.class);
      scores.forEach((key, value) -> known.put(ContentMetadata.valueOf(key), value));
      return Content.from(TextSegment.from(text, Metadata.from(metadata)), known);
    }
  }

  @Override
  public AugmentationResult augment(AugmentationRequest request) {
    Optional<AdoptedCall> call = AdoptedCall.current();
    if (call.isEmpty()) {
      return augmentor.augment(request);
    }
    Effect<String, Found> effect =
        Effect.<String, Found>read(Found.class, asked -> found(augmentor.augment(request)))
            .kind("retrieval")
            .onMismatch(Effect.OnMismatch.RECORD)
            .classify(new ToolFailures(List.of(), adoption.classifier()));
    Found found = call.get().run().effect("augment", Messages.write(request.chatMessage()), effect);
    return new AugmentationResult(
        Messages.read(found.message()), found.parts().stream().map(Part::content).toList());
  }

  private static Found found(AugmentationResult result) {
    List<Content> contents = Objects.requireNonNullElse(result.contents(), List.of());
    return new Found(
        Messages.write(result.chatMessage()), contents.stream().map(Part::of).toList());
  }
}
