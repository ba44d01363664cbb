/* User pool triggers. Amazon Cognito developer guide, "Customizing user pool workflows with Lambda triggers", parameters of each trigger. */
#include "smoke/event/parts.h"

#define ATTRIBUTES "'userAttributes':{'sub':'$sub','cognito:user_status':'CONFIRMED','email_verified':'true','email':'smoke@example.com','phone_number':'+15555550100'}"
#define METADATA   "'clientMetadata':{'sflint':'smoke'}"
#define NO_GROUPS  "'groupConfiguration':{'groupsToOverride':[],'iamRolesToOverride':[],'preferredRole':null}"
#define SESSION    "'session':[{'challengeName':'SRP_A','challengeResult':true,'challengeMetadata':null}]"

static const struct {
    const char *trigger, *source, *request, *response;
} triggers[] = {
    { "PreSignUp", "PreSignUp_SignUp", "{" ATTRIBUTES ",'validationData':{'sflint':'smoke'}," METADATA "}",
      "{'autoConfirmUser':false,'autoVerifyEmail':false,'autoVerifyPhone':false}" },
    { "PostConfirmation", "PostConfirmation_ConfirmSignUp", "{" ATTRIBUTES "," METADATA "}", "{}" },
    { "PreAuthentication", "PreAuthentication_Authentication", "{" ATTRIBUTES ",'validationData':{'sflint':'smoke'},'userNotFound':false}", "{}" },
    { "PostAuthentication", "PostAuthentication_Authentication", "{'newDeviceUsed':false," ATTRIBUTES "," METADATA "}", "{}" },
    { "PreTokenGeneration", "TokenGeneration_Authentication", "{" ATTRIBUTES "," NO_GROUPS "," METADATA "}", "{'claimsOverrideDetails':null}" },
    { "CustomMessage", "CustomMessage_SignUp", "{" ATTRIBUTES ",'codeParameter':'{####}','linkParameter':'{##Click Here##}','usernameParameter':null," METADATA "}",
      "{'smsMessage':null,'emailMessage':null,'emailSubject':null}" },
    { "DefineAuthChallenge", "DefineAuthChallenge_Authentication", "{" ATTRIBUTES "," SESSION "," METADATA ",'userNotFound':false}",
      "{'challengeName':null,'issueTokens':null,'failAuthentication':null}" },
    { "CreateAuthChallenge", "CreateAuthChallenge_Authentication",
      "{" ATTRIBUTES ",'challengeName':'CUSTOM_CHALLENGE'," SESSION "," METADATA ",'userNotFound':false}",
      "{'publicChallengeParameters':null,'privateChallengeParameters':null,'challengeMetadata':null}" },
    { "VerifyAuthChallengeResponse", "VerifyAuthChallengeResponse_Authentication",
      "{" ATTRIBUTES ",'privateChallengeParameters':{'answer':'sflint-smoke'},'challengeAnswer':'sflint-smoke'," METADATA ",'userNotFound':false}",
      "{'answerCorrect':null}" },
    { "UserMigration", "UserMigration_Authentication", "{'password':'sflint-Smoke-1','validationData':{'sflint':'smoke'}," METADATA "}",
      "{'userAttributes':null,'forceAliasCreation':null,'finalUserStatus':null,'messageAction':null,'desiredDeliveryMediums':null}" },
    { "CustomSMSSender", "CustomSMSSender_SignUp", "{'type':'customSMSSenderRequestV1','code':'c2ZsaW50LXNtb2tl','clientMetadata':null," ATTRIBUTES "}", NULL },
    { "CustomEmailSender", "CustomEmailSender_SignUp", "{'type':'customEmailSenderRequestV1','code':'c2ZsaW50LXNtb2tl','clientMetadata':null," ATTRIBUTES "}", NULL },
    { "InboundFederation", "InboundFederation_ExternalProvider",
      "{'providerName':'Smoke','providerType':'OIDC','attributes':{'tokenResponse':{'access_token':'sflint','token_type':'Bearer','expires_in':'3600'},"
      "'idToken':{'sub':'$sub','email':'smoke@example.com','email_verified':'true'},'userInfo':{'email':'smoke@example.com','given_name':'Smoke','family_name':'Test'}}}",
      "{'userAttributesToMap':{}}" },
};

/* LambdaVersion of PreTokenGenerationConfig: V1_0, V2_0, V3_0. */
static slice token_version(direct *d, const resource *pool) {
    slice version = property_text(d->maker, pool, "LambdaConfig.PreTokenGenerationConfig.LambdaVersion", d->edge->when);
    return slice_starts(version, SLICE("V2")) ? SLICE("2") : slice_starts(version, SLICE("V3")) ? SLICE("3") : SLICE("1");
}

void direct_cognito(direct *d) {
    maker *m = d->maker;
    arena *a = d->arena;
    const resource *pool = is_type(edge_declarer(d->edge), "AWS::Cognito::UserPool") ? edge_declarer(d->edge) : d->edge->from->resource;
    for (size_t i = 0; i < COUNT(triggers); i++) {
        if (!slice_is(d->trigger, triggers[i].trigger)) continue;
        bool tokens = slice_is(d->trigger, "PreTokenGeneration");
        slice version = tokens ? token_version(d, edge_declarer(d->edge)) : SLICE("1");
        const doc_node *sub = js_string(a, make_uuid(m, a));
        const doc_node *request = SHAPE(m, a, triggers[i].request, { "sub", sub });
        const doc_node *response = triggers[i].response == NULL ? NULL : SHAPE_PLAIN(m, a, triggers[i].response);
        if (!slice_is(version, "1")) {
            request = js_with(a, request, SLICE("scopes"), SHAPE_PLAIN(m, a, "['aws.cognito.signin.user.admin']"));
            response = SHAPE_PLAIN(m, a, "{'claimsAndScopeOverrideDetails':null}");
        }
        direct_add(d, slice_from(triggers[i].source), SHAPE(m, a,
            "{'version':'$version','triggerSource':'$source','region':'$region','userPoolId':'$pool','userName':'sflint-smoke',"
            "'callerContext':{'awsSdkVersion':'aws-sdk-unknown-unknown','clientId':'sflint1smoke2client3'},'request':'$request','response':'$response'}",
            { "version", js_string(a, version) }, { "source", js_cstr(a, triggers[i].source) },
            { "pool", pool != NULL ? js_string(a, world_attribute(m->world, pool, SLICE("Ref"))) : js_format(a, "%.*s_sflint", SLICE_ARG(m->world->region)) },
            { "request", request }, { "response", response }));
        return;
    }
    d->cannot = arena_printf(a, "sflint makes no event of the user pool trigger %.*s yet", SLICE_ARG(d->trigger));
}
