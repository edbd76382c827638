package dev.holdfast.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The checked arguments of one call: exactly the tool's parameters, each of its type. */
final class RetailArguments {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final ObjectNode values;

  private RetailArguments(ObjectNode values) {
    this.values = values;
  }

  static RetailArguments parse(String json, List<String> parameters) throws Refusal {
    ObjectNode values = object(json);
    for (String parameter : parameters) {
      require(values, parameter);
    }
    if (values.size() > parameters.size()) {
      throw new Refusal("unexpected argument, the tool takes exactly " + parameters);
    }
    return new RetailArguments(values);
  }

  /** Whether both texts are the same arguments, however they are formatted. */
  static boolean same(String left, String right) {
    if (left.equals(right)) {
      return true;
    }
    try {
      return object(left).equals(object(right));
    } catch (Refusal malformed) {
      return false;
    }
  }

  private static ObjectNode object(String json) throws Refusal {
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException malformed) {
      throw new Refusal("arguments are not valid JSON: " + malformed.getOriginalMessage());
    }
    throw new Refusal("arguments are not a JSON object");
  }

  private static void require(ObjectNode values, String parameter) throws Refusal {
    JsonNode value = values.path(parameter);
    if (value.isMissingNode()) {
      throw new Refusal("argument " + parameter + " is missing");
    }
    boolean list = parameter.endsWith("_ids");
    if (list ? !isTexts(value) : !value.isTextual()) {
      throw new Refusal(
          "argument " + parameter + " should be " + (list ? "a list of strings" : "a string"));
    }
  }

  private static boolean isTexts(JsonNode value) {
    boolean texts = value.isArray();
    for (JsonNode element : value) {
      texts &= element.isTextual();
    }
    return texts;
  }

  String text(String parameter) {
    return values.required(parameter).textValue();
  }

  List<String> texts(String parameter) {
    List<String> texts = new ArrayList<>();
    values.required(parameter).forEach(element -> texts.add(element.textValue()));
    return texts;
  }
}
