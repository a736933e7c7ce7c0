SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#pages',
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  persistAuthorization: false
});
